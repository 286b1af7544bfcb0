package dev.coppice.spark.items;

/**
 * The solved neighbours of an item.
 *
 * @param target the item
 * @param neighbours ascending
 * @param weights one each
 */
record ItemNeighbours(int target, int[] neighbours, float[] weights) {}
