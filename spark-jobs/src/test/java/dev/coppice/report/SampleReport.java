package dev.coppice.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;

/** A made-up run of realistic size, the same for the same seed. */
final class SampleReport {
  static final int RANK = 256;
  private static final int USERS = 29_858;
  private static final int ITEMS = 40_981;
  private static final long BUDGET = 906_739;

  private SampleReport() {}

  /** Writes the page where the only argument says, to be looked at in a browser. */
  public static void main(String[] args) throws IOException {
    Files.writeString(Path.of(args[0]), ReportPage.render(of(12, 7)));
  }

  static TrainReport of(int sweeps, long seed) {
    Random random = new Random(seed);
    DegreeHistogram users = rows(USERS, 8, 27, random);
    DegreeHistogram items = rows(ITEMS, 5, 20, random);
    return new TrainReport(
        new RunFacts("0.1.0", "4.1.0", "synthetic-2026-03-01", 1, configuration()),
        new DataFacts(
            "data/synthetic-places",
            "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
            USERS,
            ITEMS,
            1_027_370),
        seconds(),
        sweeps(sweeps, random),
        sweeps < 2 ? sweeps : sweeps - 1,
        sweeps == 0 ? Map.of() : metrics(.1584, .1325, .0485, .0741),
        sweeps == 0 ? Map.of() : metrics(.0416, .0317, .0128, .0203),
        ModelFacts.of(
            USERS,
            ITEMS,
            RANK,
            .05,
            BUDGET,
            BUDGET,
            List.of(
                new PartBytes("users", 1_528_728, 764_364, 4 * (USERS + 1), 1_048_576, 0),
                new PartBytes("items", 2_098_228, 1_049_114, 4 * (ITEMS + 1), 1_048_576, 0))),
        new RowDistribution(users.bands(), items.bands()),
        new DimensionUse(
            dimensions(1490, random),
            dimensions(2050, random),
            List.of(
                new DimensionTop(
                    17,
                    84.3,
                    List.of(
                        new DimensionTop.Item("p3", "Old <Harbour>", 2.25),
                        new DimensionTop.Item("p9", "", -1.5))))));
  }

  static Map<String, Double> metrics(double recall, double ndcg, double precision, double map) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("recall@20", recall);
    metrics.put("ndcg@20", ndcg);
    metrics.put("precision@20", precision);
    metrics.put("map@20", map);
    return metrics;
  }

  private static Map<String, Object> configuration() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("input", "data/synthetic-places");
    settings.put("output", "models/synthetic-places");
    settings.put("rank", RANK);
    settings.put("density", .05);
    settings.put("maxIter", 12);
    settings.put("unobservedWeight", .01);
    settings.put("regParam", .008);
    settings.put("regExponent", 1.0);
    settings.put("userDebias", .5);
    settings.put("itemDebias", .3);
    settings.put("updateRatio", .5);
    settings.put("updateSchedule", "cosine");
    settings.put("updateInterval", 1);
    settings.put("minWeightsPerRow", 2);
    settings.put("checkpointInterval", 4);
    settings.put("implicitPrefs", true);
    settings.put("validation", Map.of("metric", "recall@20"));
    return settings;
  }

  private static Map<String, Double> seconds() {
    Map<String, Double> seconds = new LinkedHashMap<>();
    seconds.put("load", 3.21);
    seconds.put("index", 2.64);
    seconds.put("train", 31.87);
    seconds.put("validate", 6.4);
    seconds.put("save", 1.92);
    return seconds;
  }

  private static List<SweepFacts> sweeps(int count, Random random) {
    List<SweepFacts> sweeps = new ArrayList<>();
    for (int sweep = 1; sweep <= count; sweep++) {
      double progress = 1 - Math.exp(-.45 * sweep);
      double decline = sweep == count ? .002 : 0;
      double ratio = sweep == count ? 0 : .25 * (1 + Math.cos(Math.PI * (sweep - 1) / count));
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put("recall@20", .1592 * progress - decline + .0002 * random.nextGaussian());
      metrics.put("ndcg@20", .1331 * progress - decline + .0002 * random.nextGaussian());
      sweeps.add(
          new SweepFacts(
              sweep,
              2.4 + .3 * random.nextDouble(),
              812_345 * (1 + 1.4 * (1 - progress)),
              ratio,
              (long) (382_182 * ratio),
              (long) (524_557 * ratio),
              metrics));
    }
    return sweeps;
  }

  private static DegreeHistogram rows(int rows, int least, double scale, Random random) {
    DegreeHistogram histogram = new DegreeHistogram(RANK);
    for (int row = 0; row < rows; row++) {
      long degree = least + (long) (scale / Math.pow(1 - random.nextDouble(), .62) - scale);
      double weights =
          (2.2 * Math.log1p((double) degree) + 2) * Math.exp(.35 * random.nextGaussian());
      histogram.add(degree, (int) Math.min(RANK, Math.max(2, weights)));
    }
    return histogram;
  }

  private static List<Long> dimensions(double mean, Random random) {
    return LongStream.range(0, RANK)
        .map(dimension -> (long) (mean * Math.exp(.28 * random.nextGaussian())))
        .boxed()
        .toList();
  }

  /** Details of an evaluation beside a published model. */
  static EvaluationDetails details() {
    Map<String, Double> metrics = Map.of("recall@20", .17, "ndcg@20", .14);
    Map<String, Double> baseline = Map.of("recall@20", .05, "ndcg@20", .04);
    EvaluationDetails.Item known = new EvaluationDetails.Item("7", "Heat", false);
    EvaluationDetails.Item found = new EvaluationDetails.Item("9", "The Third Man & <more>", true);
    return new EvaluationDetails(
        "test",
        200,
        Map.of("recall@20", new EvaluationDetails.Interval(.1505, .1663)),
        Map.of("recall@20", new EvaluationDetails.Interval(.04, .05)),
        List.of(new EvaluationDetails.Users("8-15", 1_200, metrics, baseline)),
        List.of(new EvaluationDetails.Users("de", 300, metrics, baseline)),
        List.of(
            new EvaluationDetails.Items("head", 20, 900, 4_000, 500, 200, 150, 8_000, 9_000),
            new EvaluationDetails.Items("tail", 2_000, 0, 40, 500, 20, 0, 1_000, 0)),
        new EvaluationDetails.Beside(
            "2026-02-28",
            true,
            Map.of("recall@20", .1550),
            Map.of("recall@20", new EvaluationDetails.Change(.0034, .0011, .0058)),
            new EvaluationDetails.ListChange(1_000, 20, .71, .02, 900, 950, 850)),
        new EvaluationDetails.Gate(true, "gate: ndcg@20 .1325, of the published model .1301"),
        List.of(
            new EvaluationDetails.Example(
                "41",
                List.of(known),
                List.of(found, known),
                List.of(known),
                List.of(new EvaluationDetails.Item("11", "", true)))),
        null);
  }
}
