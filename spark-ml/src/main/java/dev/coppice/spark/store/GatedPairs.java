package dev.coppice.spark.store;

import dev.coppice.core.items.PairTotals;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What the clients of a federation of neighbours sent together: what new clients learn from.
 *
 * @param rows {@code item} (int, a row of the layout), {@code others} (array of int) and {@code
 *     sums} (array of long), see {@link PairTotals}
 * @param historyDebias exponent that the sums were weighted with
 */
public record GatedPairs(Dataset<Row> rows, double historyDebias) {
  static final StructType SCHEMA =
      new StructType()
          .add("item", DataTypes.IntegerType)
          .add("others", DataTypes.createArrayType(DataTypes.IntegerType, false))
          .add("sums", DataTypes.createArrayType(DataTypes.LongType, false));

  /** Makes rows of totals. */
  public static GatedPairs of(
      SparkSession session, JavaRDD<PairTotals> totals, double historyDebias) {
    return new GatedPairs(
        session.createDataFrame(totals.map(GatedPairs::row), SCHEMA), historyDebias);
  }

  private static Row row(PairTotals totals) {
    Integer[] others = new Integer[totals.others().length];
    Long[] sums = new Long[others.length];
    for (int q = 0; q < others.length; q++) {
      others[q] = totals.others()[q];
      sums[q] = totals.sums()[q];
    }
    return RowFactory.create(totals.item(), others, sums);
  }

  /** Returns the totals, each item once. */
  public JavaRDD<PairTotals> totals() {
    return rows.toJavaRDD().map(GatedPairs::totals);
  }

  private static PairTotals totals(Row row) {
    List<Integer> others = row.getList(1);
    List<Long> sums = row.getList(2);
    return new PairTotals(
        row.getInt(0),
        others.stream().mapToInt(Integer::intValue).toArray(),
        sums.stream().mapToLong(Long::longValue).toArray());
  }
}
