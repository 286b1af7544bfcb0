package dev.coppice.job.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.table.SparseTable;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Part;
import dev.coppice.files.SmallFile;
import dev.coppice.job.frame.Checked;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.job.rank.ModelKeys;
import dev.coppice.job.rank.NamedParts;
import dev.coppice.spark.AlsKeys;
import dev.coppice.spark.DynamicSparseALS;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.ImportedALS;
import dev.coppice.spark.LatentKeys;
import dev.coppice.spark.ScoringKeys;
import dev.coppice.spark.eval.EvaluationResult;
import dev.coppice.spark.eval.RankingEvaluation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Makes a sparse model of one that MLlib's ALS trained, and reports what that costs. */
public final class ImportJob implements Job {
  private static final String REPORT = "import.json";

  private static final ConfigKey<String> ALS_MODEL =
      ConfigKey.path("alsModel")
          .asRequired()
          .withDoc(
              "saved ALSModel of Spark MLlib; its ids are matched with the data set's as text");
  private static final ConfigKey<Integer> REFINE_SWEEPS =
      ConfigKey.integer("refineSweeps", 0, 10_000)
          .withDefault(2)
          .withDoc("sweeps that refine the pruned tables; 0 only prunes");
  private static final ConfigKey<String> MODEL =
      TrainKeys.MODEL.asRequired().withDoc("where the sparse model goes, with import.json");

  private static final TrainedRun.Place PLACE =
      TrainedRun.Place.ofModel(REPORT, Optional.empty(), List.of(TrainKeys.INPUT, ALS_MODEL));

  @Override
  public String name() {
    return "import";
  }

  @Override
  public String summary() {
    return "Makes a sparse model of an ALSModel of Spark MLlib: prunes it to a budget, refines it"
        + " with a few sweeps, and reports what each step costs.";
  }

  @Override
  public ConfigSchema schema() {
    return ConfigSchema.of(
            ALS_MODEL,
            TrainKeys.INPUT,
            MODEL,
            ModelKeys.PART,
            ModelKeys.CUTOFFS,
            LatentKeys.DENSITY,
            REFINE_SWEEPS,
            LatentKeys.REG_PARAM,
            LatentKeys.REG_EXPONENT,
            LatentKeys.UNOBSERVED_WEIGHT,
            AlsKeys.ALPHA,
            LatentKeys.USER_DEBIAS,
            LatentKeys.ITEM_DEBIAS,
            AlsKeys.NONNEGATIVE,
            AlsKeys.UPDATE_RATIO,
            AlsKeys.UPDATE_SCHEDULE,
            AlsKeys.UPDATE_INTERVAL,
            AlsKeys.MIN_WEIGHTS_PER_ROW,
            AlsKeys.IMPLICIT_PREFS,
            LatentKeys.SEED,
            AlsKeys.NUM_BLOCKS,
            ScoringKeys.NUM_PARTITIONS,
            ScoringKeys.BROADCAST_LIMIT)
        .and(CommonKeys.schema());
  }

  @Override
  public Map<String, String> underWorkDir() {
    return Map.of("input", "data", "model", "model");
  }

  @Override
  public void check(ConfigValues values) {
    // The rank is that of the imported model; no density is too low for the largest.
    Checked.asUsage(() -> estimator(values, SparseTable.MAX_RANK).validate());
  }

  private static DynamicSparseALS estimator(ConfigValues values, int rank) {
    return ModelTraining.latentEstimator(values)
        .setMaxIter(Math.max(1, values.get(REFINE_SWEEPS)))
        .setRank(rank);
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    TrainedRun run = new TrainedRun(context, values, PLACE);
    return run.unlessDone(
        () -> run.make((target, closer) -> make(context, values, target, closer)));
  }

  private static Model make(JobContext context, ConfigValues values, String target, Closer closer)
      throws Exception {
    CanonicalDataset data = CanonicalDataset.open(context.spark(), values.get(TrainKeys.INPUT));
    Measure measure = new Measure(context, values, data);
    ImportedALS imported =
        closer.hold(context.phase("load", () -> ImportedALS.load(values.get(ALS_MODEL))));
    DynamicSparseALS als = estimator(values, imported.rank());
    DynamicSparseALSModel dense = Checked.asUsage(() -> imported.dense(als));
    measure.step("dense", measure.seconds(), dense);
    measure.requireKnownUsers();
    DynamicSparseALSModel pruned =
        context.phase("prune", () -> Checked.asUsage(() -> imported.pruned(als)));
    if (values.get(REFINE_SWEEPS) == 0) {
      return new Model(context, values, target, measure, "pruned", pruned);
    }
    measure.step("pruned", measure.seconds(), pruned);
    DynamicSparseALSModel refined =
        context.phase("refine", () -> refine(context, values, data, als, pruned, closer));
    return new Model(context, values, target, measure, "refined", refined);
  }

  private static DynamicSparseALSModel refine(
      JobContext context,
      ConfigValues values,
      CanonicalDataset data,
      DynamicSparseALS als,
      DynamicSparseALSModel pruned,
      Closer closer) {
    Dataset<Row> userIds = data.users();
    Dataset<Row> itemIds = data.items();
    Dataset<Row> rows =
        values.get(ModelKeys.PART).equals("test") ? data.trainAndValidation() : data.train();
    DynamicSparseALSModel refined =
        als.setListener(new TrainingEvents(context, values.get(REFINE_SWEEPS)))
            .fit(rows, pruned.withIndices(userIds, itemIds));
    closer.hold(refined::unpersist);
    return refined.withIds(userIds, itemIds);
  }

  /** The last step's model, measured when it is saved. */
  private static final class Model implements TrainedRun.Trained<String> {
    private final JobContext context;
    private final ConfigValues values;
    private final String target;
    private final Measure measure;
    private final String step;
    private final double seconds;
    private final DynamicSparseALSModel model;

    Model(
        JobContext context,
        ConfigValues values,
        String target,
        Measure measure,
        String step,
        DynamicSparseALSModel model) {
      this.context = context;
      this.values = values;
      this.target = target;
      this.measure = measure;
      this.step = step;
      this.seconds = measure.seconds();
      this.model = model;
    }

    @Override
    public void save(Path directory) throws Exception {
      DynamicSparseALSModel saved =
          model.withInfo(
              model
                  .info()
                  .withDataFingerprint(measure.data.manifest().fingerprint())
                  .withConfiguration(values.asMap()));
      context.phase(
          "save",
          () -> {
            saved.write().save(directory.toString());
            return directory;
          });
    }

    @Override
    public String report() throws Exception {
      measure.step(step, seconds, model);
      return measure.toJson(values);
    }

    @Override
    public void write(String report, Path directory) throws IOException {
      new SmallFile(context.hadoop(), new Path(directory, REPORT)).replace(report);
    }

    @Override
    public List<String> lines(Optional<String> report) {
      List<String> lines = new ArrayList<>(measure.table());
      lines.add(
          "model: "
              + target
              + report.map(told -> ", figures: " + target + "/" + REPORT).orElse(""));
      return lines;
    }
  }

  /** What each step costs: quality, bytes and time. */
  private static final class Measure {
    private final JobContext context;
    private final CanonicalDataset data;
    private final boolean test;
    private final List<MetricKey> keys;
    private final Map<String, Map<String, Object>> steps = new LinkedHashMap<>();
    private double before;
    private long knownUsers;

    Measure(JobContext context, ConfigValues values, CanonicalDataset data) {
      this.context = context;
      this.data = data;
      test = values.get(ModelKeys.PART).equals("test");
      keys =
          MetricKey.all(
              values.get(ModelKeys.CUTOFFS).stream().distinct().mapToInt(k -> k).toArray());
      Part part = test ? Part.TEST : Part.VALIDATION;
      if (data.manifest().rows(part) == 0) {
        throw new BadInputException(
            "\""
                + data.path()
                + "\" has no "
                + part.key()
                + " part to measure on. Prepare the data with one, or set part to the other.");
      }
    }

    /** Returns what was spent since the last measurement, in seconds. */
    double seconds() {
      return context.seconds().values().stream().mapToDouble(s -> s).sum() - before;
    }

    /**
     * Measures the model of a step.
     *
     * @param seconds what the step took
     */
    void step(String name, double seconds, DynamicSparseALSModel model) throws Exception {
      Dataset<Row> seen = NamedParts.pairs(data, test ? data.trainAndValidation() : data.train());
      Dataset<Row> wanted = NamedParts.pairs(data, test ? data.test() : data.validation());
      EvaluationResult result =
          context.phase(
              "measure " + name,
              () -> RankingEvaluation.evaluate(model.scoringTables(), seen, wanted, keys, false));
      knownUsers = result.users() - result.unknownUsers();
      before = context.seconds().values().stream().mapToDouble(s -> s).sum();
      Map<String, Object> facts = new LinkedHashMap<>();
      keys.forEach(key -> facts.put(key.format(), result.model().metrics().get(key)));
      facts.put("weights", stored(model));
      facts.put("bytes", bytes(model));
      facts.put("seconds", seconds);
      steps.put(name, facts);
    }

    /**
     * Checks that the model that was measured last is one of these data.
     *
     * @throws BadInputException if it knows none of the users that it was measured on
     */
    void requireKnownUsers() {
      if (knownUsers == 0) {
        throw new BadInputException(
            "alsModel knows no user of \""
                + data.path()
                + "\": it is of another data set, or was trained on numbers other than the ids"
                + " that prepare read.");
      }
    }

    private static long stored(DynamicSparseALSModel model) {
      return model.info().userBytes().stored() + model.info().itemBytes().stored();
    }

    /** A dense table needs no positions. */
    private static long bytes(DynamicSparseALSModel model) {
      return model.info().density() == 1
          ? 4 * stored(model)
          : model.info().userBytes().tableBytes() + model.info().itemBytes().tableBytes();
    }

    String toJson(ConfigValues values) throws Exception {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("job", "import");
      all.put("steps", steps);
      all.put("configuration", values.asMap());
      return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(all)
          + "\n";
    }

    /** The steps as a table. */
    List<String> table() {
      List<String> lines = new ArrayList<>();
      List<String> columns =
          List.copyOf(steps.values().iterator().next().keySet()).stream()
              .filter(name -> name.matches("(recall|ndcg)@\\d+|weights|bytes|seconds"))
              .toList();
      StringBuilder head = new StringBuilder(String.format(Locale.ROOT, "%-8s", "step"));
      columns.forEach(name -> head.append(String.format(Locale.ROOT, " %12s", name)));
      lines.add(head.toString());
      steps.forEach(
          (step, facts) -> {
            StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-8s", step));
            columns.forEach(
                name ->
                    line.append(
                        facts.get(name) instanceof Long whole
                            ? String.format(Locale.ROOT, " %,12d", whole)
                            : String.format(
                                Locale.ROOT, " %12.4f", ((Number) facts.get(name)).doubleValue())));
            lines.add(line.toString());
          });
      return lines;
    }
  }
}
