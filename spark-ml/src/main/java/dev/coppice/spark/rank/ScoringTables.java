package dev.coppice.spark.rank;

import dev.coppice.spark.table.RowTable;
import org.apache.spark.sql.Dataset;

/**
 * The two tables of a model, and how data meet them.
 *
 * @param users the user table
 * @param items the item table
 * @param userCol column of the user ids in data
 * @param itemCol column of the item ids in data
 * @param settings how scoring is spread
 */
public record ScoringTables(
    RowTable users, RowTable items, String userCol, String itemCol, ScoringSettings settings) {

  /**
   * Returns the partitions for data of so many interactions: what is set, or 1 if tables and data
   * are small, or 0, see {@link ScoringSettings#sized}.
   */
  public int numPartitions(long interactions) {
    return settings.sized(users.size().rows(), items.size().rows(), interactions).numPartitions();
  }

  /**
   * Returns the pairs of data in the form that ranking takes, those of null ids left out.
   *
   * @param data has {@code userCol} and {@code itemCol}; null for none
   * @return null for none
   */
  public Dataset<IdPair> pairs(Dataset<?> data) {
    return data == null
        ? null
        : TopTargets.pairs(data, userCol, users.idType(), itemCol, items.idType());
  }
}
