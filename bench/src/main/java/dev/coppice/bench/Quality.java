package dev.coppice.bench;

import dev.coppice.core.error.UsageException;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.prepare.Prepare;
import dev.coppice.data.prepare.PrepareSettings;
import dev.coppice.spark.Choice;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.NeighbourKeys;
import dev.coppice.spark.eval.CandidateEvaluation;
import dev.coppice.spark.eval.EvaluationResult;
import dev.coppice.spark.eval.RankingEvaluation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Ranking quality of settings on a known data set, over seeds. Without {@code --final} it trains on
 * train without validation and measures on validation: that is where settings are chosen. With it,
 * one chosen setting is trained on all of train and measured on test.
 */
@Command(
    name = "quality",
    mixinStandardHelpOptions = true,
    description = {
      "Measures ranking quality: on validation, for choosing settings; with --final, of one setting"
          + " on test."
    })
final class Quality implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--protocol", description = "known data set; see --list")
  String protocol;

  @Option(names = "--list", description = "lists the known data sets and how they are split")
  boolean list;

  @Option(names = "--data", description = "directory of the data set's files")
  Path data;

  @Option(
      names = "--work",
      description = "directory for prepared data, used again; default ${DEFAULT-VALUE}")
  Path work = Path.of("bench/target/data");

  @Option(names = "--system", description = "coppice (default; latent rows), recommender or mllib")
  String system = "coppice";

  @Option(
      names = "--set",
      description = "KEY=VALUE[,VALUE...]; may be repeated; all combinations are measured")
  List<String> settings = List.of();

  @Option(names = "--seeds", split = ",", description = "default ${DEFAULT-VALUE}")
  List<Long> seeds = List.of(1L);

  @Option(
      names = "--metrics",
      split = ",",
      description = "such as ndcg@20; the first one orders the settings; default: the protocol's")
  List<String> metrics = List.of();

  @Option(names = "--final", description = "trains on all of train and measures on test")
  boolean onTest;

  @Option(
      names = "--results",
      description = "Markdown file; by default bench/RESULTS.md with --final, else none")
  Path results;

  @Option(names = "--section", description = "section of the file; default quality-PROTOCOL")
  String section;

  @Option(names = "--out", description = "directory of JSON; default ${DEFAULT-VALUE}")
  Path out = Path.of("bench/target/results");

  private static final Set<String> BY_VALIDATION =
      Set.of(NeighbourKeys.FAMILY.name(), NeighbourKeys.NEIGHBOUR_SCALE.name());

  private List<MetricKey> keys;
  private Dataset<Row> train;
  private Dataset<Row> wanted;
  private Dataset<Row> choosing;
  private Dataset<Row> chosenOn;
  private Dataset<Row> candidates;

  /**
   * What one setting reached.
   *
   * @param variant the setting
   * @param values of each metric, by seed
   * @param seconds to train, by seed
   * @param weightsPerRow stored weights a row
   */
  record Point(
      Variant variant,
      Map<String, List<Double>> values,
      List<Double> seconds,
      double weightsPerRow) {
    MeanError mean(String metric) {
      return MeanError.of(values.get(metric));
    }
  }

  /** Returns the settings to measure. */
  List<Variant> points() {
    List<Map<String, String>> grid = Grid.of(settings);
    if (onTest && grid.size() > 1) {
      throw new UsageException(
          "--final measures one setting, and --set gives "
              + grid.size()
              + ": choose one on validation first (the same command without --final)");
    }
    return grid.stream().map(point -> new Variant(system, Variant.system(system), point)).toList();
  }

  @Override
  public Integer call() throws Exception {
    if (list) {
      Protocol.names()
          .forEach(
              name ->
                  say(
                      String.format(
                          Locale.ROOT,
                          "%s: %s",
                          name,
                          Markdown.facts(Protocol.named(name).prepare()))));
      return 0;
    }
    if (protocol == null || data == null) {
      throw new UsageException("--protocol and --data are needed; --list shows the protocols");
    }
    Protocol chosen = Protocol.named(protocol);
    List<Variant> variants = points();
    keys = (metrics.isEmpty() ? chosen.metrics() : metrics).stream().map(MetricKey::parse).toList();
    try (SparkSession spark = Sessions.start("quality")) {
      Map<String, String> facts = Machine.facts(spark);
      CanonicalDataset prepared = prepared(spark, chosen);
      train = prepared(onTest ? prepared.trainAndValidation() : prepared.train());
      wanted = prepared(onTest ? prepared.test() : prepared.validation());
      choosing = onTest ? prepared(prepared.train()) : train;
      chosenOn = onTest ? prepared(prepared.validation()) : wanted;
      candidates = onTest ? prepared.candidates() : spark.emptyDataFrame();
      boolean sampled = onTest && !candidates.isEmpty();
      say(
          String.format(
              Locale.ROOT,
              "%s: %d pairs to train on, %d to find",
              protocol,
              train.count(),
              wanted.count()));
      List<Point> points = new ArrayList<>();
      Map<String, Double> popularity = new LinkedHashMap<>();
      if (sampled) {
        candidates = candidatesWith(wanted).persist();
        put(popularity, sampledMetrics(Tables.popularity(train)));
      }
      for (Variant variant : variants) {
        points.add(measure(variant, sampled, popularity));
      }
      points.sort(
          Comparator.comparingDouble((Point p) -> p.mean(keys.get(0).format()).mean()).reversed());
      write(chosen, facts, points, popularity, sampled, prepared);
    }
    return 0;
  }

  private static Dataset<Row> prepared(Dataset<Row> part) {
    return part.select(Trained.USER, Trained.ITEM, Trained.WEIGHT).persist();
  }

  private CanonicalDataset prepared(SparkSession spark, Protocol chosen) {
    Path target = Sessions.resolve(work).resolve(chosen.name());
    if (Files.exists(target.resolve("manifest.json"))) {
      return CanonicalDataset.open(spark, target.toString());
    }
    Path source = Sessions.resolve(data);
    return Prepare.run(spark, PrepareSettings.of(chosen.prepareFrom(source, target)));
  }

  private Point measure(Variant variant, boolean sampled, Map<String, Double> popularity) {
    Map<String, List<Double>> values = new LinkedHashMap<>();
    List<Double> seconds = new ArrayList<>();
    double weights = 0;
    for (long seed : seeds) {
      Map<String, String> seeded = new LinkedHashMap<>(variant.settings());
      seeded.put("seed", String.valueOf(seed));
      Caches caches =
          Caches.of(JavaSparkContext.fromSparkContext(train.sparkSession().sparkContext()));
      long start = System.nanoTime();
      Trained trained = trained(variant, seeded);
      seconds.add((System.nanoTime() - start) / 1e9);
      weights = trained.weightsPerRow();
      DynamicSparseALSModel model = Tables.model(trained);
      if (sampled) {
        add(values, sampledMetrics(model));
      } else {
        EvaluationResult result =
            RankingEvaluation.evaluate(
                model.scoringTables(), train, wanted, keys, popularity.isEmpty());
        if (popularity.isEmpty()) {
          put(popularity, result.popularity().metrics());
        }
        add(values, result.model().metrics());
      }
      caches.release(trained);
      say(
          String.format(
              Locale.ROOT,
              "%s seed %d: %s, train %.1f s",
              variant.settingsLine(),
              seed,
              last(values),
              seconds.get(seconds.size() - 1)));
    }
    return new Point(variant, values, seconds, weights);
  }

  /** Trains; what a recommender chooses on validation it keeps when it learns from all of train. */
  private Trained trained(Variant variant, Map<String, String> settings) {
    if (variant.system() != Variant.Trainer.RECOMMENDER) {
      return Trained.fit(new Variant(variant.name(), variant.system(), settings), train);
    }
    Trained.OfCoppice first =
        (Trained.OfCoppice)
            Trained.fit(
                new Variant(variant.name(), variant.system(), settings), choosing, chosenOn);
    first.model().choices().forEach(choice -> say(choice.toString()));
    if (!onTest) {
      return first;
    }
    Map<String, String> all = new LinkedHashMap<>(settings);
    for (Choice choice : first.model().choices()) {
      if (BY_VALIDATION.contains(choice.name())) {
        all.put(choice.name(), choice.value());
      }
    }
    first.model().unpersist();
    return Trained.fit(new Variant(variant.name(), variant.system(), all), train);
  }

  private static String last(Map<String, List<Double>> values) {
    Map<String, String> text = new LinkedHashMap<>();
    values.forEach((key, all) -> text.put(key, Markdown.number(all.get(all.size() - 1), 4)));
    return Markdown.facts(text);
  }

  private Dataset<Row> candidatesWith(Dataset<Row> test) {
    return CandidateEvaluation.pool(test, candidates, Trained.USER, Trained.ITEM, "relevant");
  }

  private Map<MetricKey, Double> sampledMetrics(DynamicSparseALSModel model) {
    return CandidateEvaluation.evaluate(model.scoringTables(), candidates, "relevant", keys);
  }

  private static void put(Map<String, Double> to, Map<MetricKey, Double> means) {
    to.putAll(MetricKey.byName(means));
  }

  private static void add(Map<String, List<Double>> to, Map<MetricKey, Double> means) {
    means.forEach(
        (key, mean) -> to.computeIfAbsent(key.format(), k -> new ArrayList<>()).add(mean));
  }

  private void write(
      Protocol chosen,
      Map<String, String> facts,
      List<Point> points,
      Map<String, Double> popularity,
      boolean sampled,
      CanonicalDataset prepared)
      throws java.io.IOException {
    QualityReport report =
        new QualityReport(
            CommandLineText.of(spec),
            facts,
            chosen,
            prepared.manifest().fingerprint(),
            keys.stream().map(MetricKey::format).toList(),
            onTest,
            sampled,
            seeds,
            points,
            popularity);
    String key = section == null ? "quality-" + chosen.name() : section;
    Path file = results == null && onTest ? Path.of("bench/RESULTS.md") : results;
    String text = report.markdown();
    if (file != null) {
      ResultsFile.put(Sessions.resolve(file), key, text);
    }
    String name = key + (onTest ? "" : "-validation") + ".json";
    SideBySide.writeJson(Sessions.resolve(out).resolve(name), report.json());
    spec.commandLine().getOut().println(text);
    spec.commandLine().getOut().flush();
  }

  private void say(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }
}
