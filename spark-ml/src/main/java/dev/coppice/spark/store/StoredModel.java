package dev.coppice.spark.store;

import dev.coppice.spark.table.ModelInfo;
import dev.coppice.spark.table.RowTable;

/**
 * What the files of a model hold but for its Params: provenance and two tables.
 *
 * @param info where it comes from and what it takes
 * @param users the user table
 * @param items the item table
 */
public record StoredModel(ModelInfo info, RowTable users, RowTable items) {}
