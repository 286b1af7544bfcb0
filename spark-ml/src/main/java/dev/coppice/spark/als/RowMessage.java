package dev.coppice.spark.als;

import dev.coppice.core.table.SparseTable;
import java.io.Serializable;

/**
 * Rows on their way from a source block to a block that needs them.
 *
 * @param srcBlock the source block
 * @param table the rows that were asked for, in the order of their local indices
 */
record RowMessage(int srcBlock, SparseTable table) implements Serializable {}
