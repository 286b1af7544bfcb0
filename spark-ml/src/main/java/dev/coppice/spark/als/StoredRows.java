package dev.coppice.spark.als;

import dev.coppice.core.als.InteractionBlock;
import dev.coppice.core.als.Side;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.table.SparseTable;
import dev.coppice.spark.checkpoint.BlockRows;

/** Checks that the rows of a checkpoint are those of the data that are trained on. */
final class StoredRows {
  private StoredRows() {}

  /**
   * Returns the rows of a block.
   *
   * @throws BadInputException if they are of other ids or another rank, or form no table
   */
  static SparseTable checked(Side side, InteractionBlock data, BlockRows stored, int rank) {
    SparseTable table = stored.table();
    String problem = null;
    if (table.rank() != rank) {
      problem = "has rank " + table.rank() + ", and rank is " + rank;
    } else if (table.rows() != data.rows()) {
      problem = "has " + table.rows() + " rows, the data have " + data.rows();
    } else if (stored.ids() != BlockRows.checksum(data.ids())) {
      problem = "has rows of other ids than the data";
    } else {
      try {
        table.validate();
      } catch (IllegalStateException e) {
        problem = "is damaged: " + e.getMessage();
      }
    }
    if (problem != null) {
      throw new BadInputException(
          "block "
              + stored.block()
              + " of the "
              + SparkEngine.name(side)
              + " in the checkpoint "
              + problem
              + ". Give the run the data that it began with, or train without resume.");
    }
    return table;
  }
}
