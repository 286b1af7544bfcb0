package dev.coppice.core.explain;

/**
 * An item of the user's own that holds weight in a dimension.
 *
 * @param id the item
 * @param weight its weight in the dimension
 */
public record OwnItem(String id, float weight) {}
