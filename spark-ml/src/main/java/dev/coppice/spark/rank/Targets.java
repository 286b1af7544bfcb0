package dev.coppice.spark.rank;

import dev.coppice.spark.table.RowTable;
import org.apache.spark.sql.Dataset;

/**
 * The table whose rows are recommended. Two ways to reach it, chosen by size, with the same result
 * to the bit: each score is summed by one kernel in one order, and ties go by code.
 */
public interface Targets {

  /** Opens a table: broadcast if it is within the limit, else in shuffled blocks. */
  static Targets of(RowTable table, ScoringSettings settings) {
    return table.size().bytes() <= settings.broadcastLimit()
        ? new BroadcastTargets(table, settings)
        : new ShuffledTargets(table, settings);
  }

  /** Returns the number of rows. */
  int rows();

  /**
   * Gathers the codes of pairs' targets by source.
   *
   * @param pairs by target id
   * @param strings whether the sources' ids are strings
   * @param keepUnknown whether targets that the table does not hold get the code -1; else they are
   *     left out
   */
  Dataset<KeyedPart> pack(Dataset<IdPair> pairs, boolean strings, boolean keepUnknown);

  /**
   * Ranks the targets for each source.
   *
   * @param sources parts of one id follow each other and lie in one partition
   * @param strings whether the sources' ids are strings
   * @param k most targets a source
   * @param asCodes whether the lists name targets by code instead of id
   */
  Dataset<TopRow> best(Dataset<KeyedPart> sources, boolean strings, int k, boolean asCodes);
}
