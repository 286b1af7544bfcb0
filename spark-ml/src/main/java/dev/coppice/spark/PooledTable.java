package dev.coppice.spark;

import dev.coppice.spark.federate.ClientRoster;
import dev.coppice.spark.federate.InitialTable;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** The start of a federation from a table trained on all clients' interactions together. */
final class PooledTable {
  private PooledTable() {}

  /**
   * Trains the table of all clients but those that join.
   *
   * @param als of the columns that the roster has
   * @param items how many there are
   */
  static InitialTable of(DynamicSparseALS als, ClientRoster roster, Set<Integer> joins, int items) {
    Dataset<Row> rows = roster.rows();
    Dataset<Row> learnt =
        joins.isEmpty()
            ? rows
            : rows.where(functions.not(functions.col("client").isin(joins.toArray())));
    DynamicSparseALSModel pooled = als.fit(learnt.select("user", "item", "weight"));
    return InitialTable.of(pooled.itemRows(), pooled.userRows(), items, pooled.rank());
  }
}
