package dev.coppice.spark.als;

import dev.coppice.core.als.BlockStats;
import dev.coppice.core.als.EarlierRows;
import dev.coppice.core.als.EarlierShares;
import dev.coppice.core.als.Gramian;
import dev.coppice.core.als.KeptSums;
import dev.coppice.core.table.SparseTable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What the tasks of a half-sweep send to the driver when their rows are final. One a partition,
 * then one for all.
 */
final class Published implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Rows by block, only where rows travel by broadcast. */
  private final List<Numbered<SparseTable>> tables = new ArrayList<>();

  private final List<BlockStats> stats = new ArrayList<>();
  private Gramian gramian;
  private KeptSums kept;
  private long stored;

  /** Adds a block. */
  void add(int block, SolvedBlock solved, boolean withRows) {
    if (withRows) {
      tables.add(new Numbered<>(block, solved.table()));
    }
    stats.add(solved.stats());
    stored += solved.table().stored();
  }

  /** Adds a block's rows to the Gramian; {@code scratch} as {@link Gramian#scratch}. */
  void addGramian(SparseTable table, double[] scratch) {
    if (gramian == null) {
      gramian = new Gramian(table.rank());
    }
    gramian.add(table, scratch);
  }

  /**
   * Adds a block's rows to the sums for kept scores; {@code scratch} as {@link KeptSums#scratch}.
   */
  void addKept(SparseTable table, EarlierRows earlier, EarlierShares shares, double[][] scratch) {
    if (kept == null) {
      kept = new KeptSums(table.rank());
    }
    kept.add(table, earlier, shares, scratch);
  }

  Published plus(Published other) {
    tables.addAll(other.tables);
    stats.addAll(other.stats);
    stored += other.stored;
    if (gramian == null) {
      gramian = other.gramian;
    } else if (other.gramian != null) {
      gramian.add(other.gramian);
    }
    if (kept == null) {
      kept = other.kept;
    } else if (other.kept != null) {
      kept.add(other.kept);
    }
    return this;
  }

  /** Returns the rows of all blocks in their order. */
  SparseTable[] tables(int numBlocks) {
    SparseTable[] all = new SparseTable[numBlocks];
    for (Numbered<SparseTable> table : tables) {
      all[table.block()] = table.value();
    }
    return all;
  }

  BlockStats stats() {
    return BlockStats.sum(stats);
  }

  /** Returns what the other side's rows need of all rows of this one. */
  SideSums sums() {
    return new SideSums(
        gramian == null ? null : gramian.toMatrix(), kept == null ? null : kept.matrices());
  }

  long stored() {
    return stored;
  }
}
