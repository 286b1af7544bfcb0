package dev.coppice.spark.items;

/**
 * An item that needs columns of G.
 *
 * @param target the item
 * @param neighbours its neighbours, ascending
 */
record Wish(int target, int[] neighbours) {}
