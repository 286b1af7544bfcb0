package dev.coppice.publish;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.eval.EvaluationBreakdown;
import dev.coppice.spark.eval.EvaluationResult;
import dev.coppice.spark.eval.RankingEvaluation;
import dev.coppice.spark.table.RowTable;
import dev.coppice.spark.table.Schemas;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Compares a new model with the published one and says whether it may take its place.
 *
 * <p>Stored metrics are not looked at: they are of other data. Both models are ranked now, by
 * {@link RankingEvaluation}, against the same seen pairs, on the same users and pairs of the
 * present validation part. Each ranks the items that it knows, as it does when it serves.
 *
 * <ul>
 *   <li>Users whom the published model does not know are left out. They have nothing to lose, and
 *       counted as misses of the published model they would hide that the others lost.
 *   <li>Users whom only the published model knows count as missed by the new one: they would get
 *       nothing from it.
 *   <li>Items that one of the models does not know count as missed by it.
 * </ul>
 *
 * <p>The published model must not have learnt from today's validation part, or it is measured on
 * what it knows by heart: split by time or by the latest interactions, not anew at random each day.
 */
public final class RegressionGate {
  private static final String KEY = "gate key";

  private final MetricKey metric;
  private final double maxRegression;
  private final List<MetricKey> measured;
  private final EvaluationBreakdown.Request request;

  /**
   * What a verdict rests on.
   *
   * @param candidate what was measured of the new model
   * @param published what was measured of the published one on the same users; null if there is
   *     none
   */
  public record Measured(Verdict verdict, EvaluationResult candidate, EvaluationResult published) {}

  /**
   * A gate.
   *
   * @param metric what to compare
   * @param maxRegression share of the published model's metric that the new one may be below it, in
   *     [0, 1]; 1 lets everything pass
   */
  public RegressionGate(MetricKey metric, double maxRegression) {
    this(metric, maxRegression, List.of(metric), null);
  }

  private RegressionGate(
      MetricKey metric,
      double maxRegression,
      List<MetricKey> measured,
      EvaluationBreakdown.Request request) {
    this.measured = measured;
    this.request = request;
    this.metric = Objects.requireNonNull(metric, "metric");
    if (!(maxRegression >= 0 && maxRegression <= 1)) {
      throw new IllegalArgumentException(
          "maxRegression is " + maxRegression + "; it must be from 0 to 1");
    }
    this.maxRegression = maxRegression;
  }

  /**
   * The same gate, which measures more at the same time, for a report.
   *
   * @param keys further metrics
   * @param breakdown what is asked for beside the means; the baseline is measured as well
   */
  public RegressionGate telling(List<MetricKey> keys, EvaluationBreakdown.Request breakdown) {
    return new RegressionGate(
        metric,
        maxRegression,
        Stream.concat(keys.stream(), Stream.of(metric)).distinct().toList(),
        breakdown);
  }

  /** Measures a model that has none to be compared with. */
  public Measured measure(DynamicSparseALSModel candidate, Dataset<Row> seen, Dataset<Row> wanted) {
    EvaluationResult result = evaluate(candidate, seen, wanted);
    Verdict verdict =
        new Verdict(metric.format(), value(result), null, null, maxRegression, result.users(), 0);
    return new Measured(verdict, result, null);
  }

  /**
   * Compares two models.
   *
   * @param candidate the new model
   * @param published the one in place
   * @param publishedRunId its name
   * @param seen pairs that are not recommended: the models' user and item columns
   * @param wanted the validation pairs, likewise
   * @throws BadInputException if the published model knows no user of {@code wanted}, or no item:
   *     it is of another data set
   */
  public Measured compare(
      DynamicSparseALSModel candidate,
      DynamicSparseALSModel published,
      String publishedRunId,
      Dataset<Row> seen,
      Dataset<Row> wanted) {
    Dataset<Row> shared = known(published, wanted).persist();
    try {
      EvaluationResult old = evaluate(published, seen, shared);
      if (old.users() == 0 || old.unknownPairs() == old.testPairs()) {
        throw new BadInputException(
            "the published model "
                + publishedRunId
                + " knows no "
                + (old.users() == 0 ? "user" : "item")
                + " of the validation part, so it is of another data set. Nothing was published."
                + " Use another registry for this data, or set maxRegression = 1 to publish"
                + " without a comparison.");
      }
      EvaluationResult now = evaluate(candidate, seen, shared);
      long all = users(wanted);
      Verdict verdict =
          new Verdict(
              metric.format(),
              value(now),
              publishedRunId,
              value(old),
              maxRegression,
              old.users(),
              all - old.users());
      return new Measured(verdict, now, old);
    } finally {
      shared.unpersist();
    }
  }

  private EvaluationResult evaluate(
      DynamicSparseALSModel model, Dataset<Row> seen, Dataset<Row> wanted) {
    DynamicSparseALSModel named = model.copy(new org.apache.spark.ml.param.ParamMap());
    named.setUserCol("user").setItemCol("item");
    return RankingEvaluation.evaluate(
            named.scoringTables(), seen, List.of(wanted), measured, request != null, request)
        .get(0);
  }

  private double value(EvaluationResult result) {
    return result.users() == 0 ? 0 : result.model().metrics().get(metric);
  }

  /** The pairs whose user a model knows. */
  private static Dataset<Row> known(DynamicSparseALSModel model, Dataset<Row> pairs) {
    RowTable users = model.userTable();
    Dataset<Row> ids =
        users
            .rows()
            .select(Schemas.matchKey(users.rows(), RowTable.ID, users.idType()).as(KEY))
            .distinct();
    return pairs
        .withColumn(KEY, Schemas.matchKey(pairs, "user", users.idType()))
        .join(ids, new String[] {KEY}, "left_semi")
        .drop(KEY);
  }

  private static long users(Dataset<Row> pairs) {
    return pairs.select(functions.col("user")).distinct().count();
  }
}
