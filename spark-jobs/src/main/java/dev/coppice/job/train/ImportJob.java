package dev.coppice.job.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.table.Budget;
import dev.coppice.core.table.ByteAccount;
import dev.coppice.core.table.SparseTable;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Part;
import dev.coppice.files.AtomicDirectory;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.job.frame.RunLock;
import dev.coppice.job.frame.RunMarker;
import dev.coppice.job.rank.ModelKeys;
import dev.coppice.job.rank.NamedParts;
import dev.coppice.spark.AlsKeys;
import dev.coppice.spark.DynamicSparseALS;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.LatentKeys;
import dev.coppice.spark.ScoringKeys;
import dev.coppice.spark.compress.DenseFactors;
import dev.coppice.spark.compress.Pruning;
import dev.coppice.spark.eval.EvaluationResult;
import dev.coppice.spark.eval.RankingEvaluation;
import dev.coppice.spark.table.ModelInfo;
import dev.coppice.spark.table.RowTable;
import dev.coppice.spark.table.TableEdits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** Makes a sparse model of one that MLlib's ALS trained, and reports what that costs. */
public final class ImportJob implements Job {
  private static final String MODEL_FILE = "coppice.json";
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
    objective(values, SparseTable.MAX_RANK);
  }

  private static AlsObjective objective(ConfigValues values, int rank) {
    try {
      return estimator(values).setRank(rank).objective();
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  private static DynamicSparseALS estimator(ConfigValues values) {
    return TrainJob.estimator(values).setMaxIter(Math.max(1, values.get(REFINE_SWEEPS)));
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    String target = values.get(MODEL);
    if (RunMarker.isDone(context.hadoop(), target, REPORT, values)) {
      return RunMarker.alreadyDone(target, values);
    }
    return RunLock.during(context.hadoop(), target, () -> make(context, values, target));
  }

  private static JobSummary make(JobContext context, ConfigValues values, String target)
      throws Exception {
    try (AtomicDirectory directory =
            new AtomicDirectory(
                context.hadoop(), "model", target, values.get(CommonKeys.OVERWRITE), MODEL_FILE);
        Cache cache = new Cache()) {
      CanonicalDataset data = CanonicalDataset.open(context.spark(), values.get(TrainKeys.INPUT));
      Measure measure = new Measure(context, values, data);
      DenseFactors dense = context.phase("load", () -> DenseFactors.load(values.get(ALS_MODEL)));
      RowTable users = cache.keep(dense.users());
      RowTable items = cache.keep(dense.items());
      AlsObjective objective = objective(values, dense.rank());
      measure.step("dense", model(dense.rank(), 1, objective, users, items));

      DynamicSparseALSModel pruned =
          context.phase("prune", () -> prune(values, dense.rank(), objective, users, items, cache));
      measure.step("pruned", pruned);
      DynamicSparseALSModel result = pruned;
      if (values.get(REFINE_SWEEPS) > 0) {
        result =
            context.phase(
                "refine", () -> refine(context, values, data, pruned, dense.rank(), cache));
        measure.step("refined", result);
      }
      DynamicSparseALSModel saved =
          result.withInfo(
              result
                  .info()
                  .withDataFingerprint(data.manifest().fingerprint())
                  .withConfiguration(values.asMap()));
      context.phase(
          "save",
          () -> {
            saved.write().save(directory.temporary().toString());
            return null;
          });
      directory.writeText(REPORT, measure.toJson(values));
      directory.publish();
      return measure.summary(target);
    }
  }

  /** Tables that are read more than once; they go when the job ends. */
  private static final class Cache implements AutoCloseable {
    private final List<RowTable> kept = new ArrayList<>();

    RowTable keep(RowTable table) {
      RowTable rows =
          new RowTable("imported", table.rows().persist(StorageLevel.MEMORY_AND_DISK()));
      kept.add(rows);
      return rows;
    }

    /** Takes over the tables of a model that keeps them itself. */
    void add(DynamicSparseALSModel model) {
      kept.add(model.userTable());
      kept.add(model.itemTable());
    }

    @Override
    public void close() {
      kept.forEach(RowTable::unpersist);
    }
  }

  private static DynamicSparseALSModel prune(
      ConfigValues values,
      int rank,
      AlsObjective objective,
      RowTable users,
      RowTable items,
      Cache cache) {
    int least = values.get(AlsKeys.MIN_WEIGHTS_PER_ROW);
    double density = values.get(LatentKeys.DENSITY);
    try {
      Budget userBudget = Budget.of(density, rank, users.size().rows());
      Budget itemBudget = Budget.of(density, rank, items.size().rows());
      float[] userLengths = Pruning.columnLengths(users, rank);
      float[] itemLengths = Pruning.columnLengths(items, rank);
      return model(
          rank,
          density,
          objective,
          cache.keep(Pruning.prune(users, itemLengths, userBudget, least)),
          cache.keep(Pruning.prune(items, userLengths, itemBudget, least)));
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  private static DynamicSparseALSModel model(
      int rank, double density, AlsObjective objective, RowTable users, RowTable items) {
    ModelInfo bare = ModelInfo.of(rank, objective);
    ModelInfo info =
        new ModelInfo(
            rank,
            density,
            users.size().stored(),
            items.size().stored(),
            objective,
            bare.confidenceScale(),
            bare.meanUserDegree(),
            bare.meanItemDegree(),
            bare.seed(),
            bare.bestSweep(),
            ByteAccount.of(users.size().rows(), users.size().stored()),
            ByteAccount.of(items.size().rows(), items.size().stored()),
            "",
            Map.of(),
            Map.of());
    return new DynamicSparseALSModel()
        .withTables(info, users, items)
        .setUserCol("user")
        .setItemCol("item");
  }

  private static DynamicSparseALSModel refine(
      JobContext context,
      ConfigValues values,
      CanonicalDataset data,
      DynamicSparseALSModel pruned,
      int rank,
      Cache cache) {
    Dataset<Row> userIds = data.users();
    Dataset<Row> itemIds = data.items();
    DynamicSparseALSModel numbered =
        pruned.withTables(
            pruned.info(),
            TableEdits.withIndices(pruned.userTable(), userIds),
            TableEdits.withIndices(pruned.itemTable(), itemIds));
    Dataset<Row> rows =
        values.get(ModelKeys.PART).equals("test") ? data.trainAndValidation() : data.train();
    DynamicSparseALSModel refined =
        estimator(values)
            .setRank(rank)
            .setListener(new TrainingEvents(context, values.get(REFINE_SWEEPS)))
            .fit(rows, numbered);
    cache.add(refined);
    return refined.withIds(userIds, itemIds);
  }

  /** What each step costs: quality, bytes and time. */
  private static final class Measure {
    private final JobContext context;
    private final CanonicalDataset data;
    private final boolean test;
    private final List<MetricKey> keys;
    private final Map<String, Map<String, Object>> steps = new LinkedHashMap<>();
    private double before;

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

    void step(String name, DynamicSparseALSModel model) throws Exception {
      double seconds = context.seconds().values().stream().mapToDouble(s -> s).sum() - before;
      Dataset<Row> seen = NamedParts.pairs(data, test ? data.trainAndValidation() : data.train());
      Dataset<Row> wanted = NamedParts.pairs(data, test ? data.test() : data.validation());
      EvaluationResult result =
          context.phase(
              "measure " + name,
              () -> RankingEvaluation.evaluate(model.scoringTables(), seen, wanted, keys, false));
      if (result.unknownUsers() == result.users()) {
        throw new BadInputException(
            "alsModel knows no user of \""
                + data.path()
                + "\": it is of another data set, or was trained on numbers other than the ids"
                + " that prepare read.");
      }
      before = context.seconds().values().stream().mapToDouble(s -> s).sum();
      Map<String, Object> facts = new LinkedHashMap<>();
      keys.forEach(key -> facts.put(key.format(), result.model().metrics().get(key)));
      facts.put("weights", stored(model));
      facts.put("bytes", bytes(model));
      facts.put("seconds", seconds);
      steps.put(name, facts);
    }

    private static long stored(DynamicSparseALSModel model) {
      return model.info().userBytes().stored() + model.info().itemBytes().stored();
    }

    /** A dense table needs no positions. */
    private static long bytes(DynamicSparseALSModel model) {
      ModelInfo info = model.info();
      return info.density() == 1
          ? 4 * stored(model)
          : info.userBytes().tableBytes() + info.itemBytes().tableBytes();
    }

    String toJson(ConfigValues values) throws Exception {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("job", "import");
      all.put("steps", steps);
      all.put("configuration", values.asMap());
      return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(all)
          + "\n";
    }

    JobSummary summary(String target) {
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
      lines.add("model: " + target + ", figures: " + target + "/" + REPORT);
      return new JobSummary(lines);
    }
  }
}
