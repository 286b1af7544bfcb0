package dev.coppice.spark.als;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The tables of an earlier model, of the rank that is trained.
 *
 * @param users columns 0 to 2: id (long, numbered as the interactions are), dims (array of short,
 *     ascending, unsigned), weights (array of float); an id once
 * @param items likewise
 * @param keepVanished whether rows without interactions stay, unchanged, or are dropped
 */
public record InitialTables(Dataset<Row> users, Dataset<Row> items, boolean keepVanished) {}
