package dev.coppice.spark.federate;

import dev.coppice.core.mask.InitialMask;
import dev.coppice.core.table.Budget;
import dev.coppice.core.table.SparseTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the rounds start from.
 *
 * @param items rows by item number
 * @param users {@code id, dims, weights} by user number; null where all users start anew
 */
public record InitialTable(SparseTable items, Dataset<Row> users) {

  /** Returns random weights on as many positions as the density asks for. */
  public static InitialTable random(double density, int rank, int items, long seed) {
    long[] ids = LongStream.range(0, items).toArray();
    return new InitialTable(
        InitialMask.uniform(Budget.of(density, rank, items), 0, ids, seed), null);
  }

  /**
   * Returns the rows of a model.
   *
   * @param itemRows {@code id} (a number), {@code dims}, {@code weights}; ids that are no item
   *     number are left out, items without a row get an empty one
   * @param userRows of the same columns
   * @param items how many there are
   */
  public static InitialTable of(Dataset<Row> itemRows, Dataset<Row> userRows, int items, int rank) {
    return new InitialTable(table(itemRows, items, rank), userRows);
  }

  private static SparseTable table(Dataset<Row> itemRows, int items, int rank) {
    Map<Long, Row> byItem = new HashMap<>();
    int stored = 0;
    for (Row row :
        itemRows
            .selectExpr("cast(id as bigint) as id", "dims", "weights")
            .where("id between 0 and " + (items - 1L))
            .collectAsList()) {
      byItem.put(row.getLong(0), row);
      stored += row.getList(1).size();
    }
    int[] offsets = new int[items + 1];
    short[] dims = new short[stored];
    float[] weights = new float[stored];
    int n = 0;
    for (int item = 0; item < items; item++) {
      Row row = byItem.get((long) item);
      if (row != null) {
        List<Short> rowDims = row.getList(1);
        List<Float> rowWeights = row.getList(2);
        for (int i = 0; i < rowDims.size(); i++) {
          dims[n] = rowDims.get(i);
          weights[n++] = rowWeights.get(i);
        }
      }
      offsets[item + 1] = n;
    }
    return new SparseTable(rank, offsets, dims, weights);
  }
}
