package dev.coppice.bench;

import dev.coppice.core.serving.IdDictionary;
import dev.coppice.core.serving.RankedItem;
import dev.coppice.core.serving.Selection;
import dev.coppice.core.serving.ServingModel;
import dev.coppice.core.serving.WeightForm;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntToLongFunction;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures answers from a serving file, beside scoring a dense table with BLAS. */
@Command(
    name = "serving",
    mixinStandardHelpOptions = true,
    description = {
      "Measures latency and throughput of a serving file beside a dense table with BLAS.",
      "Give the machine nothing else to do meanwhile."
    })
final class Serving implements Callable<Integer> {
  private static final int FOLDED = 20;

  @Spec private CommandSpec spec;

  @Option(
      names = "--shape",
      description =
          "NAME:USERS:ITEMS:RANK:DENSITY of a random model, and :NEIGHBOURS:HISTORY if its items"
              + " are to have so many neighbours and its users so many items on the mean; may be"
              + " repeated; by default as many rows as gowalla without and with neighbours, and a"
              + " million items")
  List<String> shapes = List.of();

  @Option(names = "--file", description = "a file that export has written; may be repeated")
  List<Path> files = List.of();

  @Option(names = "--answers", description = "timed answers; default ${DEFAULT-VALUE}")
  int answers = 5000;

  @Option(names = "--warm-up", description = "answers before; default ${DEFAULT-VALUE}")
  int warmUp = 3000;

  @Option(names = "--threads", split = ",", description = "default 1,2")
  List<Integer> threads = List.of(1, 2);

  @Option(names = "--k", description = "length of the lists; default ${DEFAULT-VALUE}")
  int k = 20;

  @Option(
      names = "--dense-share",
      description =
          "dense tables beyond this share of the heap are left out; default ${DEFAULT-VALUE}")
  double denseShare = 0.6;

  @Option(names = "--results", description = "Markdown file; default ${DEFAULT-VALUE}")
  Path results = Path.of("bench/RESULTS.md");

  @Option(names = "--section", description = "section of the file; default ${DEFAULT-VALUE}")
  String section = "serving";

  @Option(names = "--out", description = "directory of JSON; default ${DEFAULT-VALUE}")
  Path out = Path.of("bench/target/results");

  private final List<ServingMeasurement> measured = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    Map<String, String> facts = Machine.facts();
    Path directory = Files.createTempDirectory("coppice-serving");
    try {
      for (ServingShape shape : chosen()) {
        ServingModel exact = shape.write(directory, WeightForm.FLOAT32);
        ServingModel halves = shape.write(directory, WeightForm.FLOAT16);
        RoundingError error = RoundingError.of(exact, halves);
        measureFile(shape.name(), directory.resolve(shape.name() + "-32"), error);
        measureFile(shape.name(), directory.resolve(shape.name() + "-16"), error);
      }
      for (Path file : files) {
        Path path = Sessions.resolve(file);
        measureFile(path.getFileName().toString(), path, null);
      }
    } finally {
      delete(directory);
    }
    ServingReport report = new ServingReport(CommandLineText.of(spec), facts, answers, k, measured);
    ResultsFile.put(Sessions.resolve(results), section, report.markdown());
    SideBySide.writeJson(Sessions.resolve(out).resolve(section + ".json"), report.json());
    return 0;
  }

  private List<ServingShape> chosen() {
    if (shapes.isEmpty() && files.isEmpty()) {
      return List.of(ServingShape.GOWALLA, ServingShape.HYBRID, ServingShape.MILLION);
    }
    return shapes.stream().map(ServingShape::parse).toList();
  }

  private void measureFile(String name, Path file, RoundingError error) throws Exception {
    double[] opening = new double[21];
    ServingModel model = null;
    for (int n = 0; n < opening.length; n++) {
      long start = System.nanoTime();
      model = ServingModel.open(file);
      opening[n] = (System.nanoTime() - start) / 1e6;
    }
    double first = opening[0];
    Arrays.sort(opening);
    long start = System.nanoTime();
    model.verify();
    double verify = (System.nanoTime() - start) / 1e6;
    ServingMeasurement m =
        new ServingMeasurement(
            name,
            model.weightForm().bits(),
            file.toFile().length(),
            first,
            opening[10],
            verify,
            error,
            new ArrayList<>());
    measured.add(m);
    for (int t : threads) {
      answer(m, "known user", t, known(model));
      if (model.canFoldIn()) {
        answer(m, "fold-in of " + FOLDED + " items", t, foldIn(model));
      }
      answer(m, "similar items", t, similar(model));
    }
    if (model.weightForm() == WeightForm.FLOAT32) {
      dense(m, model.items().size(), 64);
      if (model.info().rank() != 64) {
        dense(m, model.items().size(), model.info().rank());
      }
    }
  }

  private void dense(ServingMeasurement m, int items, int rank) throws Exception {
    long bytes = DenseItems.bytes(rank, items);
    if (bytes > denseShare * Runtime.getRuntime().maxMemory() || bytes > 4L * Integer.MAX_VALUE) {
      say(m.name() + ": dense rank " + rank + " left out, it takes " + bytes + " bytes");
      return;
    }
    DenseItems table = new DenseItems(rank, items);
    for (int t : threads) {
      answer(m, "dense rank " + rank + ", BLAS", t, n -> table.best(n, k));
    }
  }

  private void answer(ServingMeasurement m, String what, int count, IntToLongFunction work)
      throws Exception {
    Latency latency = Latency.measure(count, warmUp, answers, work);
    m.answers().add(new ServingMeasurement.Answer(what, count, latency));
    say(m.name() + ", " + m.bits() + " bits, " + what + ", threads " + count + ": " + latency);
  }

  private IntToLongFunction known(ServingModel model) {
    return n -> sum(model.recommend(id(model.users(), n, 1), k).orElseThrow());
  }

  private static String id(IdDictionary ids, int n, int index) {
    return ids.id(SeedStream.below(ids.size(), 9, Purpose.SAMPLE, n, index));
  }

  private IntToLongFunction foldIn(ServingModel model) {
    return n -> {
      List<String> items = new ArrayList<>();
      for (int i = 0; i < FOLDED; i++) {
        items.add(id(model.items(), n, i));
      }
      return sum(model.recommend(model.foldIn(items).orElseThrow(), Selection.of(k)));
    };
  }

  private IntToLongFunction similar(ServingModel model) {
    return n -> sum(model.similar(id(model.items(), n, 2), k).orElseThrow());
  }

  private static long sum(List<RankedItem> list) {
    long sum = 0;
    for (RankedItem entry : list) {
      sum += entry.row();
    }
    return sum;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void say(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }
}
