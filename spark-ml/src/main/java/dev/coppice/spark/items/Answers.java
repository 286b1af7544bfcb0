package dev.coppice.spark.items;

/**
 * Equations that one column of G gives to the systems of other items.
 *
 * @param targets the items
 * @param positions places of the column's item among the neighbours of each
 * @param values the equations' numbers, one after another; see {@link
 *     dev.coppice.core.items.NeighbourEquations}
 */
record Answers(int[] targets, int[] positions, float[] values) {}
