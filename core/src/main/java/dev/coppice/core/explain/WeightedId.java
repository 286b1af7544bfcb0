package dev.coppice.core.explain;

/**
 * A row and its weight in a dimension.
 *
 * @param id the user or item
 * @param weight with its sign
 */
public record WeightedId(String id, float weight) {}
