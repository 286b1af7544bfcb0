package dev.coppice.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Trains Coppice and MLlib's ALS in turn in one JVM, on the same cached rows, and measures both
 * alike.
 */
@Command(
    name = "side-by-side",
    mixinStandardHelpOptions = true,
    description = {
      "Measures Coppice beside Spark MLlib's ALS on a data set in LightGCN's form.",
      "Give the machine nothing else to do meanwhile."
    })
final class SideBySide implements Callable<Integer> {
  static final StructType ROWS =
      new StructType()
          .add(Trained.USER, DataTypes.IntegerType, false)
          .add(Trained.ITEM, DataTypes.IntegerType, false)
          .add(Trained.WEIGHT, DataTypes.FloatType, false);

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      required = true,
      description = "directory of train.txt.gz and test.txt.gz (or .txt)")
  Path data;

  @Option(names = "--rounds", description = "measured rounds; default ${DEFAULT-VALUE}")
  int rounds = 3;

  @Option(names = "--warm-up", description = "rounds before; default ${DEFAULT-VALUE}")
  int warmUp = 1;

  @Option(
      names = "--variant",
      description =
          "NAME:coppice|mllib:KEY=VALUE,KEY=VALUE; may be repeated; by default MLlib rank 64 and"
              + " four of Coppice")
  List<String> variants = List.of();

  @Option(names = "--k", description = "length of the lists; default ${DEFAULT-VALUE}")
  int k = 20;

  @Option(names = "--partitions", description = "of the cached rows; default ${DEFAULT-VALUE}")
  int partitions = 4;

  @Option(names = "--max-users", description = "takes users with a smaller id only")
  int maxUsers = Integer.MAX_VALUE;

  @Option(
      names = "--heap-pause",
      description =
          "milliseconds between collections in the run that measures peak heap; 0 leaves it out;"
              + " default ${DEFAULT-VALUE}")
  long heapPause = 100;

  @Option(names = "--results", description = "Markdown file; default ${DEFAULT-VALUE}")
  Path results = Path.of("bench/RESULTS.md");

  @Option(names = "--section", description = "section of the file; default side-by-side-DATA")
  String section;

  @Option(names = "--out", description = "directory of JSON; default ${DEFAULT-VALUE}")
  Path out = Path.of("bench/target/results");

  private JavaSparkContext context;
  private Traffic traffic;
  private Interactions train;
  private Interactions test;
  private Dataset<Row> rows;

  /** Returns the variants asked for. */
  List<Variant> chosen() {
    return variants.isEmpty() ? Variant.defaults() : variants.stream().map(Variant::parse).toList();
  }

  @Override
  public Integer call() throws Exception {
    List<Measurement> measured = chosen().stream().map(Measurement::new).toList();
    Path directory = Sessions.resolve(data);
    train = Interactions.read(file(directory, "train"), maxUsers);
    test = Interactions.read(file(directory, "test"), maxUsers);
    try (SparkSession spark = Sessions.start("side-by-side")) {
      context = JavaSparkContext.fromSparkContext(spark.sparkContext());
      traffic = Traffic.on(context);
      Map<String, String> facts = Machine.facts(spark);
      rows = spark.createDataFrame(rowsOf(train), ROWS).repartition(partitions).persist();
      say(String.format(Locale.ROOT, "%d training pairs", rows.count()));
      for (int round = -warmUp; round < rounds; round++) {
        for (int turn = 0; turn < measured.size(); turn++) {
          // Another one first in every round, so that none always follows the same one.
          Measurement m = measured.get(Math.floorMod(round + turn, measured.size()));
          measure(m, round < 0, round == rounds - 1);
        }
      }
      for (Measurement m : measured) {
        if (heapPause > 0) {
          measurePeak(m);
        }
      }
      String name = directory.getFileName().toString();
      String key = section == null ? "side-by-side-" + name : section;
      String about =
          String.format(
              Locale.ROOT,
              "%s, %d users, %d items, %d training pairs, %d test pairs",
              name,
              train.users(),
              Math.max(train.itemBound(), test.itemBound()),
              train.pairs(),
              test.pairs());
      SideBySideReport report =
          new SideBySideReport(CommandLineText.of(spec), facts, about, rounds, k, measured);
      ResultsFile.put(Sessions.resolve(results), key, report.markdown("Beside MLlib ALS: " + name));
      writeJson(Sessions.resolve(out).resolve(key + ".json"), report.json());
    }
    return 0;
  }

  private void measure(Measurement m, boolean warm, boolean last) throws Exception {
    long before = Heap.live();
    Caches caches = Caches.of(context);
    traffic.take();
    long start = System.nanoTime();
    Trained model = Trained.fit(m.variant, rows);
    double trainSeconds = seconds(start);
    Traffic.Bytes trainTraffic = traffic.take();
    long held = Heap.live() - before;
    start = System.nanoTime();
    model.recommend(k, rows).write().format("noop").mode("overwrite").save();
    double recommendSeconds = seconds(start);
    say(
        String.format(
            Locale.ROOT,
            "%s: train %.1f s, top-%d %.1f s",
            m.variant.name(),
            trainSeconds,
            k,
            recommendSeconds));
    if (!warm) {
      m.trainSeconds.add(trainSeconds);
      m.recommendSeconds.add(recommendSeconds);
      m.heapAfter = held;
      m.trainTraffic = trainTraffic;
      m.recommendTraffic = traffic.take();
      if (last) {
        describe(m, model);
      }
    }
    caches.release(model);
  }

  private void describe(Measurement m, Trained model) throws IOException {
    m.weightsPerRow = model.weightsPerRow();
    m.tableBytes = model.tableBytes();
    m.savedBytes = savedBytes(model);
    Factors factors =
        Factors.collect(
            model.rank(),
            model.userRows(),
            model.itemRows(),
            Math.max(train.users(), test.users()),
            Math.max(train.itemBound(), test.itemBound()));
    IndependentRanking.Result quality = IndependentRanking.evaluate(factors, train, test, k);
    m.recall = quality.recall();
    m.ndcg = quality.ndcg();
    say(
        String.format(
            Locale.ROOT,
            "%s: Recall@%d %.4f, NDCG@%d %.4f",
            m.variant.name(),
            k,
            m.recall,
            k,
            m.ndcg));
  }

  private void measurePeak(Measurement m) throws Exception {
    long before = Heap.live();
    Caches caches = Caches.of(context);
    Trained[] model = new Trained[1];
    long peak = Heap.peakDuring(() -> model[0] = Trained.fit(m.variant, rows), heapPause);
    m.heapPeak = peak - before;
    caches.release(model[0]);
    say(String.format(Locale.ROOT, "%s: peak heap %.1f MB", m.variant.name(), m.heapPeak / 1e6));
  }

  private static long savedBytes(Trained model) throws IOException {
    Path directory = Files.createTempDirectory("coppice-bench");
    try {
      Path saved = directory.resolve("model");
      model.save(saved.toUri().toString());
      try (Stream<Path> files = Files.walk(saved)) {
        return files
            .filter(Files::isRegularFile)
            .filter(file -> !file.getFileName().toString().endsWith(".crc"))
            .mapToLong(file -> file.toFile().length())
            .sum();
      }
    } finally {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  static List<Row> rowsOf(Interactions pairs) {
    List<Row> rows = new ArrayList<>(pairs.pairs());
    for (int user = 0; user < pairs.users(); user++) {
      for (int item : pairs.of(user)) {
        rows.add(RowFactory.create(user, item, 1f));
      }
    }
    return rows;
  }

  static Path file(Path directory, String part) {
    Path plain = directory.resolve(part + ".txt");
    return Files.exists(plain) ? plain : directory.resolve(part + ".txt.gz");
  }

  /** Writes a JSON file, indented. */
  static void writeJson(Path file, Map<String, Object> content) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(file.toFile(), content);
  }

  private void say(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
