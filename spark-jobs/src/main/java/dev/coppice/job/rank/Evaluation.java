package dev.coppice.job.rank;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.row_number;

import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.eval.Spread;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Part;
import dev.coppice.files.SmallFile;
import dev.coppice.job.frame.JobContext;
import dev.coppice.report.EvaluationDetails;
import dev.coppice.report.ReportFiles;
import dev.coppice.report.TuneReport;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.eval.EvaluationBreakdown;
import dev.coppice.spark.eval.EvaluationResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * What a report on a measured model tells beside its figures, the same for {@code evaluate} and for
 * the gate of a registry: intervals, parts of users and items, another model, lists of some users.
 *
 * @param context of the job
 * @param data the data set
 * @param part what is measured on
 * @param seen pairs that are not recommended, by {@link NamedParts}
 * @param wanted the pairs of the part
 * @param titles of items
 */
public record Evaluation(
    JobContext context,
    CanonicalDataset data,
    Part part,
    Dataset<Row> seen,
    Dataset<Row> wanted,
    Titles titles) {

  /** Of one seed, so that every report of the same users resamples them alike. */
  private static final long SEED = 1;

  private static final int RESAMPLES = 200;
  private static final int COMPARED_USERS = 1_000;
  private static final int COMPARED_LENGTH = 20;
  private static final int EXAMPLES = 4;
  private static final int EXAMPLE_LENGTH = 10;
  private static final int HISTORY = 8;

  /** A model and what was measured of it, asked for by {@link #request}. */
  public record Measured(DynamicSparseALSModel model, EvaluationResult result) {}

  /** Another model. */
  public record Beside(String name, boolean published, Measured measured) {}

  /** Metrics by name, and the figures of the catalogue. */
  public static Map<String, Double> scores(EvaluationResult.Scores scores, List<MetricKey> keys) {
    int depth = keys.stream().mapToInt(MetricKey::k).max().orElse(1);
    Map<String, Double> values = MetricKey.byName(scores.metrics());
    values.put("coverage@" + depth, scores.coverage());
    values.put("meanPopularity@" + depth, scores.meanPopularity());
    values.put("gini@" + depth, scores.gini());
    return values;
  }

  /** What the measurement has to be asked for. */
  public EvaluationBreakdown.Request request() {
    Map<String, String> prepared = data.manifest().configuration();
    boolean groups = prepared.containsKey("groupCol") || prepared.containsKey("groupFromPath");
    return new EvaluationBreakdown.Request(
        SEED, RESAMPLES, groups ? NamedParts.groups(data, part) : null);
  }

  /**
   * Gathers the details. Spark does a few small jobs for the lists.
   *
   * @param gate what the gate says; null for none
   */
  public EvaluationDetails details(
      Measured measured, Optional<Beside> beside, EvaluationDetails.Gate gate) {
    EvaluationBreakdown found = measured.result().breakdown();
    DynamicSparseALSModel model = NamedParts.named(measured.model(), data.interactions());
    Optional<DynamicSparseALSModel> other =
        beside.map(one -> NamedParts.named(one.measured().model(), data.interactions()));
    return new EvaluationDetails(
        part.key(),
        RESAMPLES,
        spreads(found.model()),
        spreads(found.popularity()),
        found.activity().stream().map(Evaluation::slice).toList(),
        found.groups().stream().map(Evaluation::slice).toList(),
        found.items().stream()
            .map(
                one ->
                    new EvaluationDetails.Items(
                        one.name(),
                        one.items(),
                        one.least(),
                        one.most(),
                        one.wanted(),
                        one.found(),
                        one.popularityFound(),
                        one.places(),
                        one.popularityPlaces()))
            .toList(),
        beside.map(one -> beside(measured, one, model, other.get())).orElse(null),
        gate,
        examples(model, other),
        null);
  }

  private static Map<String, EvaluationDetails.Interval> spreads(Map<MetricKey, double[]> means) {
    Map<String, EvaluationDetails.Interval> spreads = new LinkedHashMap<>();
    means.forEach(
        (key, values) -> {
          Spread spread = Spread.of(values);
          spreads.put(key.format(), new EvaluationDetails.Interval(spread.low(), spread.high()));
        });
    return spreads;
  }

  private static EvaluationDetails.Users slice(EvaluationBreakdown.UserSlice slice) {
    return new EvaluationDetails.Users(
        slice.name(),
        slice.users(),
        MetricKey.byName(slice.model()),
        MetricKey.byName(slice.popularity()));
  }

  private EvaluationDetails.Beside beside(
      Measured measured, Beside beside, DynamicSparseALSModel model, DynamicSparseALSModel other) {
    Map<MetricKey, double[]> now = measured.result().breakdown().model();
    Map<MetricKey, double[]> before = beside.measured().result().breakdown().model();
    Map<String, EvaluationDetails.Change> changes = new LinkedHashMap<>();
    now.forEach(
        (key, values) -> {
          Spread spread = Spread.ofDifference(values, before.get(key));
          double value =
              measured.result().model().metrics().get(key)
                  - beside.measured().result().model().metrics().get(key);
          changes.put(
              key.format(), new EvaluationDetails.Change(value, spread.low(), spread.high()));
        });
    return new EvaluationDetails.Beside(
        beside.name(),
        beside.published(),
        MetricKey.byName(beside.measured().result().model().metrics()),
        changes,
        ListDifference.measure(other, model, wanted, COMPARED_USERS, seen, COMPARED_LENGTH));
  }

  private List<EvaluationDetails.Example> examples(
      DynamicSparseALSModel model, Optional<DynamicSparseALSModel> other) {
    List<String> users =
        ListDifference.sample(wanted, EXAMPLES)
            .select(col("user").cast("string"))
            .as(Encoders.STRING())
            .collectAsList();
    if (users.isEmpty()) {
      return List.of();
    }
    Object[] ids = users.toArray();
    Dataset<Row> asked = context.spark().createDataset(users, Encoders.STRING()).toDF("user");
    Dataset<Row> own = seen.where(col("user").isin(ids));
    Map<String, List<String>> lists = lists(model, asked, own);
    Map<String, List<String>> before = other.map(one -> lists(one, asked, own)).orElse(Map.of());
    Map<String, List<String>> heldOut = new HashMap<>();
    for (Row row : wanted.where(col("user").isin(ids)).orderBy("item").collectAsList()) {
      heldOut.computeIfAbsent(row.getString(0), user -> new ArrayList<>()).add(row.getString(1));
    }
    Map<String, List<String>> had = histories(ids);
    List<EvaluationDetails.Example> examples = new ArrayList<>();
    for (String user : users) {
      List<String> list = lists.getOrDefault(user, List.of());
      Set<String> mine = Set.copyOf(heldOut.getOrDefault(user, List.of()));
      examples.add(
          new EvaluationDetails.Example(
              user,
              items(had.getOrDefault(user, List.of()), Set.of()),
              items(list, mine),
              items(before.getOrDefault(user, List.of()), mine),
              items(
                  heldOut.getOrDefault(user, List.of()).stream()
                      .filter(item -> !list.contains(item))
                      .limit(HISTORY)
                      .toList(),
                  mine)));
    }
    return examples;
  }

  private static Map<String, List<String>> lists(
      DynamicSparseALSModel model, Dataset<Row> users, Dataset<Row> own) {
    return model
        .recommendForUserSubset(users, EXAMPLE_LENGTH, own)
        .select(col("user").cast("string"), col("recommendations.item").cast("array<string>"))
        .collectAsList()
        .stream()
        .collect(Collectors.toMap(row -> row.getString(0), row -> row.<String>getList(1)));
  }

  /** The latest items of some users. */
  private Map<String, List<String>> histories(Object... users) {
    Dataset<Row> named =
        data.users()
            .where(col("id").isin(users))
            .select(col("index").as("user"), col("id").as("name"));
    Dataset<Row> learnt = part == Part.TEST ? data.trainAndValidation() : data.train();
    Map<String, List<String>> histories = new HashMap<>();
    Dataset<Row> latest =
        data.join(learnt, named, "inner", "user")
            .withColumn(
                "place",
                row_number()
                    .over(Window.partitionBy("name").orderBy(col("time").desc(), col("item"))))
            .where(col("place").leq(HISTORY));
    data.join(latest, data.items().select(col("index").as("item"), col("id")), "inner", "item")
        .orderBy("name", "place")
        .select("name", "id")
        .collectAsList()
        .forEach(
            row ->
                histories
                    .computeIfAbsent(row.getString(0), user -> new ArrayList<>())
                    .add(row.getString(1)));
    return histories;
  }

  private List<EvaluationDetails.Item> items(List<String> ids, Set<String> wantedIds) {
    return ids.stream()
        .map(
            id ->
                new EvaluationDetails.Item(
                    id, Optional.ofNullable(titles.title(id)).orElse(""), wantedIds.contains(id)))
        .toList();
  }

  /**
   * The search for settings that a directory holds, if it does.
   *
   * @param directory the output of {@code tune}, or any other
   */
  public static Optional<TuneReport> tuned(JobContext context, String directory)
      throws IOException {
    SmallFile file = new SmallFile(context.hadoop(), new Path(directory, ReportFiles.METRICS));
    return file.exists() ? TuneReport.parse(file.read()) : Optional.empty();
  }
}
