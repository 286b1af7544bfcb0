package dev.coppice.spark.eval;

import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.eval.MetricsAccumulator;
import dev.coppice.core.eval.RankingMetrics;
import dev.coppice.spark.table.Schemas;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** Metrics from the positions that test items have in their users' rankings. */
public final class PositionMetrics {
  private PositionMetrics() {}

  /** Returns the mean of one metric over the users; 0 without rows. */
  public static double mean(
      Dataset<?> data, String userCol, String itemCol, String positionCol, MetricKey key) {
    return sum(data, userCol, itemCol, positionCol, List.of(key)).mean(0);
  }

  /**
   * Sums metrics over users. A pair that comes more than once counts once.
   *
   * @param positionCol positions from 1, distinct within a user; null for an item not found
   */
  static MetricsAccumulator sum(
      Dataset<?> data, String userCol, String itemCol, String positionCol, List<MetricKey> keys) {
    String[] names = MetricKeys.of(keys);
    Column position = functions.col(Schemas.quoted(positionCol)).cast(DataTypes.IntegerType);
    List<MetricsAccumulator> parts =
        data.select(
                functions.col(Schemas.quoted(userCol)).as("user"),
                functions.col(Schemas.quoted(itemCol)).as("item"),
                position.as("position"))
            .groupBy("user", "item")
            .agg(functions.min("position").as("position"))
            .groupBy("user")
            .agg(functions.count(functions.lit(1)), functions.collect_list("position"))
            .javaRDD()
            .mapPartitions(users -> List.of(partition(users, MetricKeys.parse(names))).iterator())
            .collect();
    MetricsAccumulator sums = new MetricsAccumulator(keys.size());
    parts.forEach(sums::merge);
    return sums;
  }

  private static MetricsAccumulator partition(Iterator<Row> users, List<MetricKey> keys) {
    RankingMetrics metrics = new RankingMetrics(keys);
    MetricsAccumulator sums = new MetricsAccumulator(keys.size());
    int[] ranking = new int[metrics.depth()];
    double[] values = new double[keys.size()];
    while (users.hasNext()) {
      Row user = users.next();
      int[] test = new int[Math.toIntExact(user.getLong(1))];
      Arrays.setAll(test, t -> t);
      Arrays.fill(ranking, -1);
      int found = 0;
      for (Integer position : user.<Integer>getList(2)) {
        if (position >= 1 && position <= ranking.length) {
          ranking[position - 1] = found;
        }
        found++;
      }
      metrics.evaluate(ranking, ranking.length, test, values);
      sums.add(values);
    }
    return sums;
  }
}
