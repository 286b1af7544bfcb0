package dev.coppice.job.train;

import static org.apache.spark.sql.functions.array_intersect;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;

import dev.coppice.core.eval.MetricKey;
import dev.coppice.job.rank.ListDifference;
import dev.coppice.report.DriftFacts;
import dev.coppice.report.EvaluationDetails;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.eval.EvaluationResult;
import dev.coppice.spark.eval.RankingEvaluation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    EvaluationDetails.ListChange lists = users == 0 ? null : lists(users);
    long compared = lists == null ? 0 : lists.users();
    // Both models are measured on each.
    Dataset<Row> fresh = data.newValidation().persist();
    Dataset<Row> old = data.oldValidation().persist();
    try {
      List<Dataset<?>> periods = new ArrayList<>();
      periods.add(data.lacksNewValidation() ? null : fresh);
      // What is learnt from now is left out, so that nothing may be left.
      periods.add(data.lacksOldValidation() || old.isEmpty() ? null : old);
      List<Map<String, Double>> first = metrics(before, periods, metric);
      List<Map<String, Double>> now = metrics(after, periods, metric);
      return new DriftFacts(
          moved(before.userRows(), after.userRows()),
          moved(before.itemRows(), after.itemRows()),
          compared,
          compared == 0 ? Double.NaN : lists.shared(),
          first.get(0),
          now.get(0),
          first.get(1),
          now.get(1));
    } finally {
      fresh.unpersist();
      old.unpersist();
    }
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

  /** Compares the lists of users whom both models know. */
  private EvaluationDetails.ListChange lists(int users) {
    Dataset<Row> both =
        before
            .userRows()
            .select(col("id").cast("long").as("user"))
            .join(after.userRows().select(col("id").cast("long").as("user")), "user");
    return ListDifference.measure(before, after, both, users, data.all(), LENGTH);
  }

  /** Returns the metric on each of some sets of pairs; of a set that is null, none. */
  private List<Map<String, Double>> metrics(
      DynamicSparseALSModel model, List<Dataset<?>> sets, MetricKey metric) {
    List<Dataset<?>> wanted = sets.stream().filter(Objects::nonNull).toList();
    Iterator<EvaluationResult> results =
        wanted.isEmpty()
            ? Collections.emptyIterator()
            : RankingEvaluation.evaluate(
                    model.scoringTables(), data.all(), wanted, List.of(metric), false)
                .iterator();
    List<Map<String, Double>> metrics = new ArrayList<>();
    for (Dataset<?> set : sets) {
      metrics.add(set == null ? Map.of() : MetricKey.byName(results.next().model().metrics()));
    }
    return metrics;
  }
}
