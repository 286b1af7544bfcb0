package dev.coppice.spark.als;

import dev.coppice.core.als.Side;
import dev.coppice.core.table.SparseTable;
import org.apache.spark.api.java.JavaRDD;

/** The rows that a run starts with: as many weights as the budget says, to the single one. */
interface Start {
  /** Returns the rows of a side, every block at its partition. */
  JavaRDD<Numbered<SparseTable>> rows(Side side);

  /** Gives the storage back, after the rows have been used. */
  default void release() {}
}
