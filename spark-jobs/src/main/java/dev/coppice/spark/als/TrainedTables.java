package dev.coppice.spark.als;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The model's rows and how they came about.
 *
 * @param users (id long, dims array of short, weights array of float, degree int), persisted
 * @param items likewise
 */
public record TrainedTables(Dataset<Row> users, Dataset<Row> items, TrainingSummary summary) {}
