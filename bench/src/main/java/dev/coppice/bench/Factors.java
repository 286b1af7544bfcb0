package dev.coppice.bench;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Two tables as plain arrays, for scoring outside of either system.
 *
 * @param users {@code float[users][rank]}, null for ids without a row
 * @param itemColumns {@code float[rank][items]}
 * @param itemKnown {@code boolean[items]}, whether the item has a row
 * @param links what rows hold beside their weights; null if they hold nothing
 */
record Factors(float[][] users, float[][] itemColumns, boolean[] itemKnown, LinkedSums links) {

  /** Tables without links. */
  Factors(float[][] users, float[][] itemColumns, boolean[] itemKnown) {
    this(users, itemColumns, itemKnown, null);
  }

  /**
   * Collects tables.
   *
   * @param userRows columns id (int), weights, and for sparse tables dims between them
   * @param itemRows likewise
   * @param users one more than the largest user id
   * @param items one more than the largest item id
   */
  static Factors collect(
      int rank, Dataset<Row> userRows, Dataset<Row> itemRows, int users, int items) {
    float[][] rows = new float[users][];
    fill(userRows, rank, (id, weights) -> rows[id] = weights);
    float[][] columns = new float[rank][items];
    boolean[] known = new boolean[items];
    fill(
        itemRows,
        rank,
        (id, weights) -> {
          known[id] = true;
          for (int d = 0; d < rank; d++) {
            columns[d][id] = weights[d];
          }
        });
    return new Factors(rows, columns, known, LinkedSums.collect(userRows, itemRows, users));
  }

  private interface Sink {
    void row(int id, float[] weights);
  }

  private static void fill(Dataset<Row> rows, int rank, Sink sink) {
    boolean sparse = Arrays.asList(rows.columns()).contains("dims");
    for (Iterator<Row> all = rows.toLocalIterator(); all.hasNext(); ) {
      Row row = all.next();
      float[] weights = new float[rank];
      List<Float> values = row.getList(sparse ? 2 : 1);
      List<Short> dims = sparse ? row.getList(1) : null;
      for (int p = 0; p < values.size(); p++) {
        weights[sparse ? dims.get(p) & 0xFFFF : p] = values.get(p);
      }
      sink.row(((Number) row.get(0)).intValue(), weights);
    }
  }
}
