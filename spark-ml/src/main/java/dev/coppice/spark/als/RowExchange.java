package dev.coppice.spark.als;

import dev.coppice.core.als.Side;
import dev.coppice.core.table.SparseTable;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;

/**
 * How the rows of one side reach the blocks of the other. Two ways, the same result: by broadcast
 * while a table is small ({@link BroadcastExchange}), from block to block when it is not ({@link
 * ShuffleExchange}).
 */
interface RowExchange {
  /** Returns what is needed to work on every block of a side, in the blocks' order. */
  JavaRDD<Numbered<BlockInput>> inputs(Side side);

  /** Computes the rows of a side, keeps them as the present ones, and tells what came of it. */
  Published publish(Side side, JavaRDD<Numbered<SolvedBlock>> rows, int sweep);

  /** Publishes the rows of both sides that a run starts with. */
  default Map<Side, Published> start(
      JavaRDD<Numbered<SolvedBlock>> users, JavaRDD<Numbered<SolvedBlock>> items) {
    return Map.of(
        Side.USERS, publish(Side.USERS, users, 0), Side.ITEMS, publish(Side.ITEMS, items, 0));
  }

  /** Keeps the present rows of both sides as the best. */
  void keepBest();

  /** Keeps the best rows of an earlier run, which are not the present ones. */
  void restoreBest(Side side, JavaRDD<Numbered<SparseTable>> rows);

  /**
   * Takes the same rows from elsewhere, such as from files, so that nothing older is needed to
   * compute them again.
   *
   * @param best the same RDD as {@code present} if these are the same rows
   */
  void rebase(
      Side side, JavaRDD<Numbered<SparseTable>> present, JavaRDD<Numbered<SparseTable>> best);

  /** Returns the present rows. */
  JavaRDD<Numbered<SparseTable>> present(Side side);

  /** Returns the rows kept as the best. */
  JavaRDD<Numbered<SparseTable>> best(Side side);

  /** Keeps what explorations of a side remember, until the next one. */
  void remember(Side side, JavaRDD<Numbered<SparseTable>> memory);

  /** Returns what explorations of a side remember; null for nothing yet. */
  JavaRDD<Numbered<SparseTable>> memory(Side side);

  /** Returns the same rows, such that they outlive {@link #release}. */
  JavaRDD<Numbered<SparseTable>> detached(JavaRDD<Numbered<SparseTable>> rows);

  /** Returns what goes from block to block or to every executor in a half-sweep, in words. */
  String describe();

  /** Gives everything back; the best rows must have been read before. */
  void release();
}
