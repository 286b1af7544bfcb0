package dev.coppice.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.core.error.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Trains Coppice and the Python package implicit in turn on the same file, and measures both by the
 * processor seconds of their processes: what a machine that does other things too tells best.
 */
@Command(
    name = "peers",
    mixinStandardHelpOptions = true,
    description = {
      "Measures Coppice beside AlternatingLeastSquares of the Python package implicit on a data"
          + " set in LightGCN's form. Does nothing where the package is not installed."
    })
final class Peers implements Callable<Integer> {
  private static final String SCRIPT = "implicit_als.py";

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      required = true,
      description = "directory of train.txt.gz and test.txt.gz (or .txt)")
  Path data;

  @Option(
      names = "--python",
      description = "interpreter that has the package; default ${DEFAULT-VALUE}")
  String python = "python3";

  @Option(names = "--rounds", description = "measured rounds; default ${DEFAULT-VALUE}")
  int rounds = 3;

  @Option(names = "--warm-up", description = "rounds before; default ${DEFAULT-VALUE}")
  int warmUp = 2;

  @Option(
      names = "--variant",
      description = "NAME:coppice:KEY=VALUE,KEY=VALUE; may be repeated; by default one")
  List<String> variants =
      List.of(
          "coppice-fast:coppice:rank=128,density=0.1,maxIter=5,updateRatio=0.8,regParam=0.009,"
              + "userDebias=0.3,itemDebias=0.3,unobservedWeight=0.01");

  @Option(
      names = "--peer",
      description =
          "NAME:KEY=VALUE,KEY=VALUE of AlternatingLeastSquares, and alpha; may be repeated; by"
              + " default 64 and 128 factors")
  List<String> peers =
      List.of(
          "implicit-64:factors=64,iterations=4,regularization=100,alpha=60",
          "implicit-128:factors=128,iterations=4,regularization=100,alpha=60");

  @Option(names = "--k", description = "length of the lists; default ${DEFAULT-VALUE}")
  int k = 20;

  @Option(names = "--results", description = "Markdown file; default ${DEFAULT-VALUE}")
  Path results = Path.of("bench/RESULTS.md");

  @Option(names = "--section", description = "section of the file; default peers-DATA")
  String section;

  private Interactions train;
  private Interactions test;
  private int items;

  /** What was measured of one system; processor seconds are the least of all rounds. */
  private static final class Measured {
    final String name;
    final String settings;
    double weightsPerRow;
    double bytes;
    double fit = Double.POSITIVE_INFINITY;
    double fitClock = Double.POSITIVE_INFINITY;
    double lists = Double.POSITIVE_INFINITY;
    IndependentRanking.Result quality;

    Measured(String name, String settings) {
      this.name = name;
      this.settings = settings;
    }

    void took(double cpu, double clock, double listsCpu) {
      fit = Math.min(fit, cpu);
      fitClock = Math.min(fitClock, clock);
      lists = Math.min(lists, listsCpu);
    }
  }

  @Override
  public Integer call() throws Exception {
    if (!installed()) {
      spec.commandLine()
          .getOut()
          .println(
              "skipped: '"
                  + python
                  + " -c \"import implicit\"' does not work here; install the package implicit"
                  + " (pip install implicit), or name another interpreter with --python");
      spec.commandLine().getOut().flush();
      return 0;
    }
    Path directory = Sessions.resolve(data);
    Path trainFile = SideBySide.file(directory, "train");
    train = Interactions.read(trainFile, Integer.MAX_VALUE);
    test = Interactions.read(SideBySide.file(directory, "test"), Integer.MAX_VALUE);
    items = Math.max(train.itemBound(), test.itemBound());
    Map<String, Measured> measured = new LinkedHashMap<>();
    Path scratch = Files.createTempDirectory("coppice-peers");
    try (SparkSession spark = Sessions.start("peers")) {
      Map<String, String> facts = Machine.facts(spark);
      Dataset<Row> rows =
          spark.createDataFrame(SideBySide.rowsOf(train), SideBySide.ROWS).repartition(4).persist();
      say(rows.count() + " training pairs");
      Path script = scratch.resolve(SCRIPT);
      try (InputStream source = Peers.class.getResourceAsStream(SCRIPT)) {
        Files.copy(source, script);
      }
      for (int round = -warmUp; round < rounds; round++) {
        for (String text : variants) {
          Variant variant = Variant.parse(text);
          Measured row =
              measured.computeIfAbsent(
                  variant.name(), name -> new Measured(name, variant.settingsLine()));
          coppice(row, variant, rows, round);
        }
        for (String text : peers) {
          String[] parts = text.split(":", 2);
          Measured row =
              measured.computeIfAbsent(
                  parts[0], name -> new Measured(name, parts[1].replace(",", ", ")));
          if (round >= 0) {
            implicit(row, parts[1].split(","), script, trainFile, scratch);
          }
        }
      }
      String name = directory.getFileName().toString();
      ResultsFile.put(
          Sessions.resolve(results),
          section == null ? "peers-" + name : section,
          markdown(name, facts, List.copyOf(measured.values())));
    } finally {
      for (String file : List.of(SCRIPT, "users", "items")) {
        Files.deleteIfExists(scratch.resolve(file));
      }
      Files.delete(scratch);
    }
    return 0;
  }

  private boolean installed() throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(python, "-c", "import implicit")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private void coppice(Measured row, Variant variant, Dataset<Row> rows, int round)
      throws IOException {
    double start = cpu();
    long clock = System.nanoTime();
    Trained model = Trained.fit(variant, rows);
    double fit = cpu() - start;
    double fitClock = (System.nanoTime() - clock) / 1e9;
    start = cpu();
    model.recommend(k, rows).write().format("noop").mode("overwrite").save();
    double lists = cpu() - start;
    say(String.format(Locale.ROOT, "%s: fit %.2f, lists %.2f cpu s", row.name, fit, lists));
    if (round >= 0) {
      row.took(fit, fitClock, lists);
      if (row.quality == null) {
        row.weightsPerRow = model.weightsPerRow();
        row.bytes = model.tableBytes();
        row.quality =
            IndependentRanking.evaluate(
                Factors.collect(
                    model.rank(), model.userRows(), model.itemRows(), train.users(), items),
                train,
                test,
                k);
      }
    }
  }

  private void implicit(Measured row, String[] settings, Path script, Path trainFile, Path scratch)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                python,
                script.toString(),
                trainFile.toString(),
                scratch.toString(),
                "2",
                Integer.toString(k)));
    command.addAll(Arrays.asList(settings));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new BadInputException("peer " + row.name + " failed; its settings are " + row.settings);
    }
    JsonNode found = new ObjectMapper().readTree(answer);
    row.took(
        found.get("fitCpu").asDouble(),
        found.get("fitSeconds").asDouble(),
        found.get("listsCpu").asDouble());
    say(String.format(Locale.ROOT, "%s: fit %.2f, lists %.2f cpu s", row.name, row.fit, row.lists));
    if (row.quality == null) {
      int factors = found.get("factors").asInt();
      float[][] users = read(scratch.resolve("users"), found.get("users").asInt(), factors);
      float[][] itemRows = read(scratch.resolve("items"), found.get("items").asInt(), factors);
      row.weightsPerRow = factors;
      row.bytes = 4.0 * factors * (users.length + itemRows.length);
      row.quality = IndependentRanking.evaluate(factors(users, itemRows), train, test, k);
    }
  }

  private Factors factors(float[][] users, float[][] itemRows) {
    int rank = itemRows[0].length;
    float[][] columns = new float[rank][items];
    boolean[] known = new boolean[items];
    for (int item = 0; item < itemRows.length; item++) {
      known[item] = true;
      for (int d = 0; d < rank; d++) {
        columns[d][item] = itemRows[item][d];
      }
    }
    return new Factors(Arrays.copyOf(users, train.users()), columns, known);
  }

  private static float[][] read(Path file, int rows, int columns) throws IOException {
    FloatBuffer values =
        ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[][] table = new float[rows][columns];
    for (float[] row : table) {
      values.get(row);
    }
    return table;
  }

  /** Processor seconds of this process, all threads. */
  private static double cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
  }

  private String markdown(String name, Map<String, String> facts, List<Measured> measured) {
    String command = CommandLineText.of(spec);
    List<List<String>> table = new ArrayList<>();
    for (Measured row : measured) {
      table.add(
          List.of(
              row.name,
              Markdown.number(row.weightsPerRow, 1),
              Markdown.megabytes((long) row.bytes),
              Markdown.number(row.quality.recall(), 4),
              Markdown.number(row.quality.ndcg(), 4),
              Markdown.number(row.fit, 1),
              Markdown.number(row.fitClock, 1),
              Markdown.number(row.lists, 1),
              "`" + row.settings + "`"));
    }
    return "## Beside implicit: "
        + name
        + "\n\n`"
        + command
        + "`\n\n"
        + Markdown.facts(facts)
        + ".\n\n"
        + train.pairs()
        + " training pairs. Processor seconds of all threads, the least of "
        + rounds
        + " rounds in turn, two threads each: \"train\" of `fit` (Coppice through Spark in a warm"
        + " JVM, implicit in a process of its own), \"top-"
        + k
        + "\" of the lists of all users without the items they have seen. Recall and NDCG by one"
        + " evaluation for all.\n\n"
        + Markdown.table(
            List.of(
                "system",
                "weights a row",
                "tables, MB",
                "Recall@" + k,
                "NDCG@" + k,
                "train, cpu s",
                "clock, s",
                "top-" + k + ", cpu s",
                "settings"),
            table)
        + "\n";
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
