package dev.coppice.core.explain;

/**
 * An item of the user's own that speaks for an item by a link.
 *
 * @param id the own item; null where the model no longer holds it
 * @param part what it adds to the score
 */
public record OwnNeighbour(String id, float part) {}
