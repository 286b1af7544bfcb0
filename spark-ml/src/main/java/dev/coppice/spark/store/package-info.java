/**
 * What {@link dev.coppice.spark.DynamicSparseALSModel} does with its two tables: scoring, ranking,
 * fold-in, and the files. <i>Source</i> rows get recommendations, <i>target</i> rows are
 * recommended; users and items can be either (words: docs/design.md section 3).
 *
 * <p>Targets are numbered by <i>code</i>: the place of an id in ascending order of all ids of the
 * table (numbers by value, strings by their UTF-8 bytes). Equal scores are ordered by code.
 */
package dev.coppice.spark.store;
