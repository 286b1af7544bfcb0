package dev.coppice.spark.items;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Trained neighbours, persisted.
 *
 * @param histories {@code id} (long) and {@code links} (array of int): the codes of each user's
 *     items, ascending
 * @param items {@code id} (long), {@code code} (int: the item's place in ascending order of ids),
 *     {@code degree} (int), {@code links} (array of int: the codes of its neighbours, ascending)
 *     and {@code linkWeights} (array of float)
 * @param summary what was done
 */
public record TrainedNeighbours(
    Dataset<Row> histories, Dataset<Row> items, NeighbourSummary summary) {}
