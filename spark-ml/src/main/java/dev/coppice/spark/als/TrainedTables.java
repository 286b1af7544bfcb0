package dev.coppice.spark.als;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The model's rows and how they came about.
 *
 * @param users (id, dims array of short, weights array of float, degree int), cached; ids are
 *     {@link Naming}'s, and importances are a column more where they are computed
 * @param items likewise
 */
public record TrainedTables(Dataset<Row> users, Dataset<Row> items, TrainingSummary summary) {}
