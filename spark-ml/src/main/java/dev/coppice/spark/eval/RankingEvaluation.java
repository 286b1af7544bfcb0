package dev.coppice.spark.eval;

import dev.coppice.core.eval.ExposureAccumulator;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.eval.MetricsAccumulator;
import dev.coppice.spark.rank.IdPair;
import dev.coppice.spark.rank.KeyedPart;
import dev.coppice.spark.rank.ScoringSettings;
import dev.coppice.spark.rank.ScoringTables;
import dev.coppice.spark.rank.Targets;
import dev.coppice.spark.rank.TopRow;
import dev.coppice.spark.rank.TopTargets;
import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.RowTable;
import dev.coppice.spark.table.Schemas;
import dev.coppice.spark.table.TableEdits;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * Full-ranking evaluation: for every user with test items, all items of the model that the user has
 * not seen are ranked, and the test items are looked for ({@link dev.coppice.core.eval.Metric}).
 * Test items that the user has seen, or that the model does not know, are in the test set all the
 * same and count as missed; so do all items of users that the model does not know.
 *
 * <p>Bounded memory: lists travel, scores do not. The sums are exact integers, so the result is the
 * same to the bit for any partitions, order and path. The driver holds a few numbers an item.
 */
public final class RankingEvaluation {
  private static final String GROUP = "group";

  private RankingEvaluation() {}

  /**
   * Evaluates a model.
   *
   * @param model its tables and its columns of ids
   * @param seen the training pairs: the model's {@code userCol}, {@code itemCol}
   * @param test the test pairs, likewise; a pair that comes twice counts once
   * @param keys metrics; coverage, mean popularity and Gini are of lists of the longest cut-off
   * @param popularity whether to evaluate the popularity baseline as well
   */
  public static EvaluationResult evaluate(
      ScoringTables model,
      Dataset<?> seen,
      Dataset<?> test,
      List<MetricKey> keys,
      boolean popularity) {
    return evaluate(model, seen, List.<Dataset<?>>of(test), keys, popularity).get(0);
  }

  /**
   * Evaluates a model on several sets of test pairs, each for itself; what they have in common is
   * made once.
   *
   * @param tests the sets, each with pairs as the other method takes them
   * @return the results in the order of the sets
   */
  public static List<EvaluationResult> evaluate(
      ScoringTables model,
      Dataset<?> seen,
      List<Dataset<?>> tests,
      List<MetricKey> keys,
      boolean popularity) {
    return evaluate(model, seen, tests, keys, popularity, null);
  }

  /**
   * As above, with what stands behind the means.
   *
   * @param request what of that; null for nothing
   */
  public static List<EvaluationResult> evaluate(
      ScoringTables model,
      Dataset<?> seen,
      List<Dataset<?>> tests,
      List<MetricKey> keys,
      boolean popularity,
      EvaluationBreakdown.Request request) {
    ScoringSettings settings = model.settings();
    RowTable items = model.items();
    Targets targets = Targets.of(items, settings);
    boolean strings = model.users().idType().isString();
    int depth = keys.stream().mapToInt(MetricKey::k).max().orElse(1);
    SparkSession session = items.rows().sparkSession();

    Dataset<IdPair> seenPairs = model.pairs(seen);
    Dataset<KeyedPart> packed =
        targets.pack(seenPairs, strings, false).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      int[] degrees = degrees(packed, targets.rows());
      Column id = functions.col(strings ? "name" : "number");
      Broadcast<int[]> shared =
          JavaSparkContext.fromSparkContext(session.sparkContext()).broadcast(degrees);
      List<String> groups = request == null ? List.of() : groups(request.groups());
      UserEvaluator.Breakdown breakdown =
          request == null
              ? null
              : new UserEvaluator.Breakdown(request.seed(), request.resamples(), groups.size());
      String[] names = MetricKeys.of(keys);
      List<EvaluationResult> results = new ArrayList<>();
      for (Dataset<?> test : tests) {
        RowTable users =
            settings.numPartitions() == 1
                ? TableEdits.subsetTogether(model.users(), test, model.userCol())
                : TableEdits.subset(model.users(), test, model.userCol());
        Dataset<TopRow> lists = TopTargets.ranked(users, targets, packed, depth, true, settings);
        Dataset<IdPair> testPairs = model.pairs(test).distinct();
        Dataset<EvalPart> parts =
            part(lists.toDF(), "codes", EvalPart.LIST)
                .union(part(targets.pack(testPairs, strings, true).toDF(), "seen", EvalPart.TEST));
        if (popularity || request != null) {
          parts = parts.union(part(packed.toDF(), "seen", EvalPart.SEEN));
        }
        if (!groups.isEmpty()) {
          parts = parts.union(groupParts(request.groups(), groups, model));
        }
        PartialEvaluation sums =
            settings
                .byId(parts, id)
                .javaRDD()
                .mapPartitions(
                    group -> evaluate(group, names, depth, popularity, breakdown, shared))
                .treeReduce(PartialEvaluation::merge);
        results.add(result(sums, keys, degrees, popularity, groups));
      }
      shared.destroy();
      return results;
    } finally {
      packed.unpersist();
    }
  }

  private static Iterator<PartialEvaluation> evaluate(
      Iterator<EvalPart> parts,
      String[] names,
      int depth,
      boolean popularity,
      UserEvaluator.Breakdown breakdown,
      Broadcast<int[]> degrees) {
    UserEvaluator users =
        new UserEvaluator(MetricKeys.parse(names), degrees.value(), depth, popularity, breakdown);
    return List.of(users.evaluate(parts)).iterator();
  }

  private static EvaluationResult result(
      PartialEvaluation sums,
      List<MetricKey> keys,
      int[] degrees,
      boolean popularity,
      List<String> groups) {
    return new EvaluationResult(
        sums.metrics.users(),
        sums.unknownUsers,
        sums.testPairs,
        sums.unknownPairs,
        scores(sums.metrics, sums.exposure, keys, degrees),
        popularity ? scores(sums.popularityMetrics, sums.popularityExposure, keys, degrees) : null,
        sums.breakdown == null ? null : sums.breakdown.result(keys, groups, degrees, popularity));
  }

  /** The names of the largest groups, equal ones by name. */
  private static List<String> groups(Dataset<Row> groups) {
    if (groups == null) {
      return List.of();
    }
    return groups
        .where(functions.col(GROUP).isNotNull())
        .groupBy(GROUP)
        .count()
        .orderBy(functions.col("count").desc(), functions.col(GROUP))
        .limit(EvaluationBreakdown.MOST_GROUPS)
        .select(GROUP)
        .as(Encoders.STRING())
        .collectAsList();
  }

  /** The number of each user's group. */
  private static Dataset<EvalPart> groupParts(
      Dataset<Row> groups, List<String> names, ScoringTables model) {
    IdType type = model.users().idType();
    Column number =
        functions.array_position(functions.lit(names.toArray(String[]::new)), functions.col(GROUP));
    Dataset<Row> numbered =
        groups
            .select(
                Schemas.matchKey(groups, model.userCol(), type).as("id"),
                number.minus(1).cast("int").as("code"))
            .where(functions.col("id").isNotNull().and(functions.col("code").geq(0)));
    return part(
        numbered.select(
            type.name(functions.col("id")).as("name"),
            type.number(functions.col("id")).as("number"),
            functions.array(functions.col("code")).as("codes")),
        "codes",
        EvalPart.GROUP);
  }

  private static EvaluationResult.Scores scores(
      MetricsAccumulator metrics,
      ExposureAccumulator exposure,
      List<MetricKey> keys,
      int[] degrees) {
    return new EvaluationResult.Scores(
        metrics.means(keys),
        exposure.coverage(),
        exposure.meanPopularity(degrees),
        exposure.gini());
  }

  private static Dataset<EvalPart> part(Dataset<Row> rows, String codes, int kind) {
    return rows.select(
            functions.col("name"),
            functions.col("number"),
            functions.lit(kind).as("kind"),
            functions.col(codes).as("codes"))
        .as(Encoders.bean(EvalPart.class));
  }

  private static int[] degrees(Dataset<KeyedPart> packed, int items) {
    JavaRDD<KeyedPart> parts = packed.javaRDD();
    if (parts.getNumPartitions() == 0) {
      return new int[items];
    }
    return parts
        .mapPartitions(
            some -> {
              int[] counts = new int[items];
              while (some.hasNext()) {
                for (int code : some.next().getSeen()) {
                  counts[code]++;
                }
              }
              return List.of(counts).iterator();
            })
        .treeReduce(
            (a, b) -> {
              for (int i = 0; i < a.length; i++) {
                a[i] += b[i];
              }
              return a;
            });
  }
}
