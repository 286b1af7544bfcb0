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
import java.lang.management.ManagementFactory;
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
  List<Way> ways = List.of();

  @Option(names = "--protect", description = "strength where it is on; default ${DEFAULT-VALUE}")
  double protect = 1;

  @Option(
      names = "--protect-decay",
      description = "importance left after a period; default ${DEFAULT-VALUE}")
  double protectDecay = 0.5;

  @Option(names = "--sweeps", description = "of ways that carry on; default ${DEFAULT-VALUE}")
  int sweeps = 3;

  @Option(names = "--update-ratio", description = "the same; default ${DEFAULT-VALUE}")
  double updateRatio = 0.1;

  @Option(names = "--update-interval", description = "the same; default ${DEFAULT-VALUE}")
  int updateInterval = 2;

  @Option(names = "--results", description = "Markdown file; default ${DEFAULT-VALUE}")
  Path results = Path.of("bench/RESULTS.md");

  /** How a period is learnt. */
  enum Way {
    /** From random rows, on all data so far. */
    SCRATCH("from scratch"),
    /** From the initial model, new rows at random, two sweeps of train's exploration, all data. */
    WARM_ALL("plain warm start, all data"),
    /** The same on the period's interactions alone. */
    WARM_NEW("plain warm start, new data only"),
    /** The defaults of the job retrain. */
    RETRAIN("retrain"),
    /** The same, half of the rows at rest from the second sweep on. */
    RESTING("retrain, solveShare .5, updateInterval 1"),
    /** Weights that mattered to earlier periods are protected. */
    PROTECT("retrain, protect 1"),
    /** Growth by running means of gradients. */
    MOMENTUM("retrain, growth momentum"),
    /** Growth at random. */
    RANDOM("retrain, growth random"),
    /** Growth at random where no weight was yet. */
    UNFIRED("retrain, growth unfired"),
    /** Weights shared out by Erdos-Renyi, from the first period on. */
    ER("retrain, start er"),
    /** Half of the old interactions replayed. */
    REPLAY("retrain, replay .5"),
    /** The same, protected. */
    REPLAY_PROTECT("retrain, replay .5, protect 1"),
    /** The new interactions alone. */
    NEW("retrain, new data only"),
    /** The same, protected. */
    NEW_PROTECT("retrain, new data only, protect 1"),
    /** A tenth of every user's old interactions left out, those fitted best. */
    DROP("retrain, dropFitted .1");

    private final String title;

    Way(String title) {
      this.title = title;
    }

    boolean protects() {
      return this == PROTECT || this == REPLAY_PROTECT || this == NEW_PROTECT;
    }
  }

  /**
   * What a system reached with one seed.
   *
   * @param seconds of {@code fit} by period
   * @param all NDCG@20 on all that was held out so far, by period
   * @param own {@code own[t][p]}: NDCG@20 on what was held out of period p, after period t
   */
  record Run(double[] seconds, double[] all, double[][] own) {}

  @Override
  public Integer call() throws Exception {
    if (periods < 2) {
      throw new UsageException("--periods is " + periods + "; it must be at least 2");
    }
    try (SparkSession spark = Sessions.start("retrain")) {
      Map<String, String> facts = new LinkedHashMap<>(Machine.facts(spark));
      Dataset<Row> rows = cut(prepared(spark)).persist();
      Map<Way, List<Run>> runs = new LinkedHashMap<>();
      // What is compiled while the first run goes on shall not count.
      run(List.of(Way.RETRAIN), rows, seeds.get(0), Math.min(2, periods));
      for (long seed : seeds) {
        run(wanted(), rows, seed, periods)
            .forEach(
                (way, run) -> {
                  runs.computeIfAbsent(way, w -> new ArrayList<>()).add(run);
                  say(
                      String.format(
                          Locale.ROOT,
                          "%s, seed %d: %.1f s, ndcg@20 %.4f at the end, forgetting %.4f",
                          way.title,
                          seed,
                          sum(run.seconds()),
                          run.all()[periods - 1],
                          forgetting(run.own())));
                });
      }
      facts.put("Load average", Markdown.number(load(), 1) + " at the end, 2 busy threads being 2");
      write(facts, runs);
    }
    return 0;
  }

  private List<Way> wanted() {
    return Arrays.stream(Way.values())
        .filter(way -> way == Way.SCRATCH || ways.isEmpty() || ways.contains(way))
        .toList();
  }

  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
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
  private DynamicSparseALS first(Way way, long seed) {
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

  private DynamicSparseALS later(Way way, long seed) {
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
  private Map<Way, Run> run(List<Way> which, Dataset<Row> rows, long seed, int last) {
    // Copied, or the function would take all of this object along.
    double share = heldOut;
    UDF2<Integer, Integer, Boolean> held =
        (user, item) -> SeedStream.uniform(seed, Purpose.SPLIT, user, item) < share;
    Dataset<Row> all =
        rows.withColumn("held", udf(held, DataTypes.BooleanType).apply(col("user"), col("item")))
            .persist();
    Map<Way, Run> runs = new LinkedHashMap<>();
    Map<Way, DynamicSparseALSModel> models = new EnumMap<>(Way.class);
    which.forEach(
        way -> runs.put(way, new Run(new double[last], new double[last], new double[last][last])));
    for (int t = 0; t < last; t++) {
      Dataset<Row> now = all.where(col("period").leq(t));
      Dataset<Row> seen =
          now.where(functions.not(col("held"))).select("user", "item", "period").persist();
      Dataset<Row> wanted = now.where(col("held")).persist();
      for (int i = 0; i < which.size(); i++) {
        // Forwards and backwards in turn.
        Way way = which.get(t % 2 == 0 ? i : which.size() - 1 - i);
        models.put(way, period(way, seen, wanted, models.get(way), runs.get(way), t, seed));
      }
      say("seed " + seed + ": period " + (t + 1) + " of " + last + ", load " + load());
      seen.unpersist();
      wanted.unpersist();
    }
    models.values().forEach(Retrain::release);
    all.unpersist();
    return runs;
  }

  private DynamicSparseALSModel period(
      Way way,
      Dataset<Row> seen,
      Dataset<Row> wanted,
      DynamicSparseALSModel model,
      Run run,
      int t,
      long seed) {
    boolean fresh = model == null || way == Way.SCRATCH;
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
    model.userRows().unpersist();
    model.itemRows().unpersist();
  }

  private static Dataset<Row> learnt(
      Way way, Dataset<Row> seen, DynamicSparseALSModel model, int t, long seed) {
    Dataset<Row> weighted = seen.withColumn("weight", lit(1f));
    Dataset<Row> fresh = weighted.where(col("period").equalTo(t));
    if (way == Way.WARM_NEW || way == Way.NEW || way == Way.NEW_PROTECT) {
      return fresh;
    }
    if (way == Way.DROP) {
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
    if (way != Way.REPLAY && way != Way.REPLAY_PROTECT) {
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

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  /** Mean over the periods after the first. */
  private static double ratio(double[] values, double[] base) {
    double sum = 0;
    for (int t = 1; t < values.length; t++) {
      sum += values[t] / base[t];
    }
    return sum / (values.length - 1);
  }

  /** Mean over the earlier periods of the best metric since then, less the last one. */
  static double forgetting(double[][] own) {
    int last = own.length - 1;
    double sum = 0;
    for (int p = 0; p < last; p++) {
      double best = Double.NEGATIVE_INFINITY;
      for (int t = p; t <= last; t++) {
        best = Math.max(best, own[t][p]);
      }
      sum += best - own[last][p];
    }
    return sum / last;
  }

  private static double seconds(Run run) {
    return sum(run.seconds()) - run.seconds()[0];
  }

  private void write(Map<String, String> facts, Map<Way, List<Run>> runs)
      throws java.io.IOException {
    List<List<String>> table = new ArrayList<>();
    runs.forEach(
        (way, all) -> {
          double[] sums = new double[6];
          for (int s = 0; s < all.size(); s++) {
            Run run = all.get(s);
            Run scratch = runs.get(Way.SCRATCH).get(s);
            sums[0] += seconds(run);
            sums[1] += 100 * seconds(run) / seconds(scratch);
            sums[2] += run.all()[periods - 1];
            sums[3] += 100 * ratio(run.all(), scratch.all());
            sums[4] += 100 * run.all()[periods - 1] / scratch.all()[periods - 1];
            sums[5] += forgetting(run.own());
          }
          List<String> cells = new ArrayList<>(List.of(way.title));
          int[] decimals = {1, 0, 4, 1, 1, 4};
          for (int i = 0; i < sums.length; i++) {
            cells.add(Markdown.number(sums[i] / all.size(), decimals[i]));
          }
          table.add(cells);
        });
    List<String> arguments = spec.commandLine().getParseResult().originalArgs();
    String text =
        "## Retraining: "
            + name
            + "\n\n"
            + periods
            + " periods of equal counts by time, "
            + Markdown.number(100 * heldOut, 0)
            + " % of each held out; mean of seeds "
            + seeds
            + ". Seconds of `fit` summed over all periods but the first. Forgetting: mean over the"
            + " earlier periods of the best NDCG@20 on the period's held-out pairs since it was"
            + " learnt, less that at the end.\n\n    "
            + CommandLineText.of(
                "retrain", arguments.subList(arguments.indexOf(spec.name()) + 1, arguments.size()))
            + "\n\n"
            + Markdown.table(
                List.of(
                    "",
                    "seconds",
                    "% of scratch",
                    "NDCG@20 at the end",
                    "% of scratch, mean",
                    "% at the end",
                    "forgetting"),
                table)
            + "\n"
            + Markdown.facts(facts)
            + "\n";
    ResultsFile.put(Sessions.resolve(results), "retrain-" + name, text);
    spec.commandLine().getOut().println(text);
    spec.commandLine().getOut().flush();
  }

  private void say(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }
}
