package dev.coppice.job.train;

import static org.apache.spark.sql.functions.array_intersect;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import dev.coppice.core.eval.MetricKey;
import dev.coppice.report.DriftFacts;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.eval.RankingEvaluation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Compares a retrained model with the one it started from; both numbered as the data are. */
record Drift(DynamicSparseALSModel before, DynamicSparseALSModel after, RetrainData data) {
  private static final int LENGTH = 20;

  /**
   * Measures.
   *
   * @param users known users whose lists are compared; 0 for none
   * @param metric what the periods are measured by
   */
  DriftFacts measure(int users, MetricKey metric) {
    Row lists = users == 0 ? null : lists(users);
    long compared = lists == null ? 0 : lists.getLong(0);
    Dataset<Row> fresh = data.newValidation();
    Dataset<Row> old = data.oldValidation();
    boolean onNew = !fresh.isEmpty();
    boolean onOld = !old.isEmpty();
    return new DriftFacts(
        moved(before.userRows(), after.userRows()),
        moved(before.itemRows(), after.itemRows()),
        compared,
        compared == 0 ? Double.NaN : lists.getDouble(1),
        onNew ? metric(before, fresh, metric) : Map.of(),
        onNew ? metric(after, fresh, metric) : Map.of(),
        onOld ? metric(before, old, metric) : Map.of(),
        onOld ? metric(after, old, metric) : Map.of());
  }

  /** Returns the share of the known rows' positions that hold no weight any more. */
  private static double moved(Dataset<Row> before, Dataset<Row> after) {
    Row sums =
        before
            .select(col("id").cast("long").as("id"), col("dims").as("old"))
            .join(
                after.select(col("id").cast("long").as("id"), col("dims").as("now")),
                new String[] {"id"})
            .agg(sum(size(array_intersect(col("old"), col("now")))), sum(size(col("old"))))
            .head();
    return sums.isNullAt(1) || sums.getLong(1) == 0
        ? Double.NaN
        : 1 - (double) sums.getLong(0) / sums.getLong(1);
  }

  /** Returns how many lists were compared, and the mean share of items that are in both. */
  private Row lists(int users) {
    Dataset<Row> both =
        before
            .userRows()
            .select(col("id").cast("long").as("user"))
            .join(after.userRows().select(col("id").cast("long").as("user")), "user")
            .orderBy(xxhash64(col("user")), col("user"))
            .limit(users)
            .persist();
    try {
      return top(before, both, "old")
          .join(top(after, both, "now"), "user")
          .agg(
              count(lit(1)),
              avg(size(array_intersect(col("old"), col("now"))).divide(lit((double) LENGTH))))
          .head();
    } finally {
      both.unpersist();
    }
  }

  private Dataset<Row> top(DynamicSparseALSModel model, Dataset<Row> users, String name) {
    return model
        .recommendForUserSubset(users, LENGTH, data.all())
        .select(col("user").cast("long").as("user"), col("recommendations.item").as(name));
  }

  private Map<String, Double> metric(
      DynamicSparseALSModel model, Dataset<Row> wanted, MetricKey metric) {
    Map<MetricKey, Double> values =
        RankingEvaluation.evaluate(
                model.scoringTables(), data.all(), wanted, List.of(metric), false)
            .model()
            .metrics();
    Map<String, Double> named = new TreeMap<>();
    values.forEach((key, value) -> named.put(key.format(), value));
    return named;
  }
}
