/**
 * What tables are asked for: predictions, the best targets of every source, and rows of unknown
 * users. <i>Source</i> rows get recommendations, <i>target</i> rows are recommended; users and
 * items can be either. Knows tables, but neither models nor their files (docs/design.md section 7;
 * words in section 3).
 *
 * <p>Targets are numbered by <i>code</i>: the place of an id in ascending order of all ids of the
 * table (numbers by value, strings by their UTF-8 bytes). Equal scores are ordered by code.
 */
package dev.coppice.spark.rank;
