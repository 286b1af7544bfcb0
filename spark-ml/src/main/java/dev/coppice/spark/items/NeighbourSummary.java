package dev.coppice.spark.items;

import java.util.Map;

/**
 * What the training of neighbours did.
 *
 * @param users users with a history
 * @param items items
 * @param interactions distinct pairs of both
 * @param weights stored weights
 * @param budget weights that were allowed; more than {@code weights} only where items have too few
 *     others beside them
 * @param lonelyItems items without a neighbour
 * @param cutHistories histories that were longer than {@code maxHistory}
 * @param seconds seconds of each phase
 */
public record NeighbourSummary(
    long users,
    long items,
    long interactions,
    long weights,
    long budget,
    long lonelyItems,
    long cutHistories,
    Map<String, Double> seconds) {}
