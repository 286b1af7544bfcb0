package dev.coppice.bench;

import static org.apache.spark.sql.functions.ceil;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.udf;

import dev.coppice.core.error.UsageException;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.prepare.Prepare;
import dev.coppice.data.prepare.PrepareSettings;
import dev.coppice.spark.DynamicSparseALS;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.eval.RankingEvaluation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Retraining over periods: the interactions are cut by time into periods of equal counts, a share
 * of each is held out, and every system learns period after period. Measured are the seconds of
 * {@code fit} and NDCG@20 on what was held out so far, on the period's own, and how much the latter
 * falls until the end (forgetting).
 */
@Command(
    name = "retrain",
    mixinStandardHelpOptions = true,
    description = "Measures retraining over periods beside training from scratch.")
final class Retrain implements Callable<Integer> {
  private static final MetricKey NDCG = MetricKey.parse("ndcg@20");

  @Spec private CommandSpec spec;

  @Option(names = "--name", required = true, description = "movietweetings-100k or ml-1m")
  String name;

  @Option(names = "--data", required = true, description = "the file of user::item::rating::time")
  Path data;

  @Option(names = "--work", description = "directory for prepared data; default ${DEFAULT-VALUE}")
  Path work = Path.of("bench/target/data");

  @Option(names = "--periods", description = "default ${DEFAULT-VALUE}")
  int periods = 10;

  @Option(names = "--held-out", description = "share of each period; default ${DEFAULT-VALUE}")
  double heldOut = 0.15;

  @Option(
      names = "--seeds",
      split = ",",
      description = "of start and held-out draw; default ${DEFAULT-VALUE}")
  List<Long> seeds = List.of(2L);

  @Option(
      names = "--ways",
      split = ",",
      description = "what to measure beside scratch: ${COMPLETION-CANDIDATES}; default all")
  List<RetrainWay> ways = List.of();

  @Option(names = "--protect", description = "strength where it is on; default ${DEFAULT-VALUE}")
  double protect = 1;

  @Option(
      names = "--protect-decay",
      description = "importance left after a period; default ${DEFAULT-VALUE}")
  double protectDecay = 0.5;

  @Option(
      names = "--keep-scores",
      description = "what an earlier interaction weighs where scores are kept; ${DEFAULT-VALUE}")
  double keepScores = 1;

  @Option(names = "--sweeps", description = "of ways that carry on; default ${DEFAULT-VALUE}")
  int sweeps = 3;

  @Option(names = "--update-ratio", description = "the same; default ${DEFAULT-VALUE}")
  double updateRatio = 0.1;

  @Option(names = "--update-interval", description = "the same; default ${DEFAULT-VALUE}")
  int updateInterval = 2;

  @Option(names = "--results", description = "Markdown file; default ${DEFAULT-VALUE}")
  Path results = Path.of("bench/RESULTS.md");

  @Override
  public Integer call() throws Exception {
    if (periods < 2) {
      throw new UsageException("--periods is " + periods + "; it must be at least 2");
    }
    try (SparkSession spark = Sessions.start("retrain")) {
      Map<String, String> facts = new LinkedHashMap<>(Machine.facts(spark));
      Dataset<Row> rows = cut(prepared(spark)).persist();
      Map<RetrainWay, List<RetrainReport.Run>> runs = new LinkedHashMap<>();
      // What is compiled while the first run goes on shall not count.
      run(List.of(RetrainWay.RETRAIN), rows, seeds.get(0), Math.min(2, periods));
      for (long seed : seeds) {
        run(wanted(), rows, seed, periods)
            .forEach(
                (way, run) -> {
                  runs.computeIfAbsent(way, w -> new ArrayList<>()).add(run);
                  say(
                      String.format(
                          Locale.ROOT,
                          "%s, seed %d: %.1f s, ndcg@20 %.4f at the end, forgetting %.4f",
                          way.title(),
                          seed,
                          RetrainReport.sum(run.seconds()),
                          run.all()[periods - 1],
                          RetrainReport.forgetting(run.own())));
                });
      }
      facts.put(
          "Load average",
          Markdown.number(Machine.loadAverage(), 1) + " at the end, 2 busy threads being 2");
      write(facts, runs);
    }
    return 0;
  }

  private List<RetrainWay> wanted() {
    return Arrays.stream(RetrainWay.values())
        .filter(way -> way == RetrainWay.SCRATCH || ways.isEmpty() || ways.contains(way))
        .toList();
  }

  private CanonicalDataset prepared(SparkSession spark) {
    Path target = Sessions.resolve(work).resolve("retrain-" + name);
    if (Files.exists(target.resolve("manifest.json"))) {
      return CanonicalDataset.open(spark, target.toString());
    }
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("input", Sessions.resolve(data).toString());
    settings.put("output", target.toString());
    settings.put("format", "delimited");
    settings.put("delimiter", "::");
    settings.put("userCol", "1");
    settings.put("itemCol", "2");
    settings.put("timeCol", "4");
    settings.put("duplicates", "last");
    if (name.equals("movietweetings-100k")) {
      settings.put("minUserInteractions", "5");
      settings.put("minItemInteractions", "5");
    }
    return Prepare.run(spark, PrepareSettings.of(settings));
  }

  /** Adds the period, by time and then by pair. */
  private Dataset<Row> cut(CanonicalDataset prepared) {
    return prepared
        .train()
        .select("user", "item", "time")
        .withColumn(
            "period",
            functions
                .ntile(periods)
                .over(Window.orderBy(col("time"), col("user"), col("item")))
                .minus(lit(1)));
  }

  /** The settings of conf/sample.conf and conf/ml-1m.conf. */
  private DynamicSparseALS estimator(long seed) {
    DynamicSparseALS als = new DynamicSparseALS().setSeed(seed);
    return switch (name) {
      case "movietweetings-100k" ->
          als.setRank(64)
              .setDensity(0.2)
              .setMaxIter(8)
              .setUnobservedWeight(0.15)
              .setRegParam(0.065)
              .setRegExponent(0.8);
      case "ml-1m" ->
          als.setRank(128)
              .setDensity(0.2)
              .setMaxIter(10)
              .setUnobservedWeight(0.1)
              .setRegParam(0.01)
              .setUserDebias(0.3);
      default ->
          throw new UsageException("--name is '" + name + "'; allowed: movietweetings-100k, ml-1m");
    };
  }

  /** What the first period is learnt with. */
  private DynamicSparseALS first(RetrainWay way, long seed) {
    DynamicSparseALS als = estimator(seed);
    if (way.protects()) {
      als.setProtect(protect).setProtectDecay(protectDecay);
    }
    return switch (way) {
      case MOMENTUM, RANDOM, UNFIRED -> als.setGrowth(way.name().toLowerCase(Locale.ROOT));
      case ER -> als.setStart("er");
      default -> als;
    };
  }

  private DynamicSparseALS later(RetrainWay way, long seed) {
    DynamicSparseALS als = first(way, seed);
    return switch (way) {
      case SCRATCH -> als;
      case WARM_ALL -> als.setMaxIter(2).setNewRows("random");
      case WARM_NEW -> als.setMaxIter(2).setNewRows("random").setVanishedRows("keep");
      case RETRAIN,
          PROTECT,
          MOMENTUM,
          RANDOM,
          UNFIRED,
          ER,
          REPLAY,
          REPLAY_PROTECT,
          NEW,
          NEW_PROTECT,
          DROP ->
          carriedOn(als).setVanishedRows("keep");
      case SCORES ->
          carriedOn(als).setHistory("scores").setKeepScores(keepScores).setScoresLimit(periods);
      case RESTING ->
          carriedOn(als).setUpdateInterval(1).setUpdateSchedule("cosine").setSolveShare(0.5);
    };
  }

  /** The defaults of the job retrain, if the options do not say otherwise. */
  private DynamicSparseALS carriedOn(DynamicSparseALS als) {
    return als.setMaxIter(sweeps)
        .setUpdateRatio(updateRatio)
        .setUpdateInterval(updateInterval)
        .setUpdateSchedule("constant");
  }

  /** Period after period, all ways in each, so that what else the machine does meets all alike. */
  private Map<RetrainWay, RetrainReport.Run> run(
      List<RetrainWay> which, Dataset<Row> rows, long seed, int last) {
    // Copied, or the function would take all of this object along.
    double share = heldOut;
    UDF2<Integer, Integer, Boolean> held =
        (user, item) -> SeedStream.uniform(seed, Purpose.SPLIT, user, item) < share;
    Dataset<Row> all =
        rows.withColumn("held", udf(held, DataTypes.BooleanType).apply(col("user"), col("item")))
            .persist();
    Map<RetrainWay, RetrainReport.Run> runs = new LinkedHashMap<>();
    Map<RetrainWay, DynamicSparseALSModel> models = new EnumMap<>(RetrainWay.class);
    which.forEach(
        way ->
            runs.put(
                way,
                new RetrainReport.Run(new double[last], new double[last], new double[last][last])));
    for (int t = 0; t < last; t++) {
      Dataset<Row> now = all.where(col("period").leq(t));
      Dataset<Row> seen =
          now.where(functions.not(col("held"))).select("user", "item", "period").persist();
      Dataset<Row> wanted = now.where(col("held")).persist();
      for (int i = 0; i < which.size(); i++) {
        // Forwards and backwards in turn.
        RetrainWay way = which.get(t % 2 == 0 ? i : which.size() - 1 - i);
        models.put(way, period(way, seen, wanted, models.get(way), runs.get(way), t, seed));
      }
      say(
          "seed "
              + seed
              + ": period "
              + (t + 1)
              + " of "
              + last
              + ", load "
              + Machine.loadAverage());
      seen.unpersist();
      wanted.unpersist();
    }
    models.values().forEach(Retrain::release);
    all.unpersist();
    return runs;
  }

  private DynamicSparseALSModel period(
      RetrainWay way,
      Dataset<Row> seen,
      Dataset<Row> wanted,
      DynamicSparseALSModel model,
      RetrainReport.Run run,
      int t,
      long seed) {
    boolean fresh = model == null || way == RetrainWay.SCRATCH;
    Dataset<Row> learnt =
        (fresh ? seen.withColumn("weight", lit(1f)) : learnt(way, seen, model, t, seed)).persist();
    learnt.count();
    DynamicSparseALS als = (fresh ? first(way, seed) : later(way, seed)).setRatingCol("weight");
    long start = System.nanoTime();
    DynamicSparseALSModel trained = fresh ? als.fit(learnt) : als.fit(learnt, model);
    run.seconds()[t] = (System.nanoTime() - start) / 1e9;
    say(way + ": " + run.seconds()[t] + " s, " + trained.summary().orElseThrow().seconds());
    learnt.unpersist();
    if (model != null) {
      release(model);
    }
    run.all()[t] = ndcg(trained, seen, wanted);
    for (int p = 0; p <= t; p++) {
      run.own()[t][p] = ndcg(trained, seen, wanted.where(col("period").equalTo(p)));
    }
    return trained;
  }

  private static void release(DynamicSparseALSModel model) {
    model.unpersist();
  }

  private static Dataset<Row> learnt(
      RetrainWay way, Dataset<Row> seen, DynamicSparseALSModel model, int t, long seed) {
    Dataset<Row> weighted = seen.withColumn("weight", lit(1f));
    Dataset<Row> fresh = weighted.where(col("period").equalTo(t));
    if (way.learnsNewAlone()) {
      return fresh;
    }
    if (way == RetrainWay.DROP) {
      WindowSpec user = Window.partitionBy("user");
      String prediction = model.getPredictionCol();
      Dataset<Row> kept =
          model
              .transform(weighted.where(col("period").lt(t)))
              .withColumn("place", row_number().over(user.orderBy(col(prediction), col("item"))))
              .withColumn("count", count(lit(1)).over(user))
              .where(col("place").leq(ceil(col("count").multiply(lit(0.9)))));
      return fresh.union(kept.select("user", "item", "period", "weight"));
    }
    if (way != RetrainWay.REPLAY && way != RetrainWay.REPLAY_PROTECT) {
      return weighted;
    }
    UDF2<Integer, Integer, Boolean> drawn =
        (user, item) -> SeedStream.uniform(seed + t, Purpose.SAMPLE, user, item) < 0.5;
    return fresh.union(
        weighted
            .where(col("period").lt(t))
            .where(udf(drawn, DataTypes.BooleanType).apply(col("user"), col("item")))
            .withColumn("weight", lit(2f)));
  }

  private static double ndcg(DynamicSparseALSModel model, Dataset<Row> seen, Dataset<Row> wanted) {
    return RankingEvaluation.evaluate(
            model.scoringTables(),
            seen.select("user", "item"),
            wanted.select("user", "item"),
            List.of(NDCG),
            false)
        .model()
        .metrics()
        .get(NDCG);
  }

  private void write(Map<String, String> facts, Map<RetrainWay, List<RetrainReport.Run>> runs)
      throws java.io.IOException {
    String text =
        new RetrainReport(name, periods, heldOut, seeds, runs)
            .markdown(CommandLineText.of(spec), facts);
    ResultsFile.put(Sessions.resolve(results), "retrain-" + name, text);
    spec.commandLine().getOut().println(text);
    spec.commandLine().getOut().flush();
  }

  private void say(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }
}
