package dev.coppice.job.rank;

import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Part;
import dev.coppice.files.AtomicDirectory;
import dev.coppice.job.frame.BelowPopularity;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.frame.Facts;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.job.frame.Places;
import dev.coppice.job.frame.RunLock;
import dev.coppice.job.frame.RunMarker;
import dev.coppice.publish.OtherModel;
import dev.coppice.publish.Registry;
import dev.coppice.report.CandidateScores;
import dev.coppice.report.EvaluationDetails;
import dev.coppice.report.EvaluationReport;
import dev.coppice.report.ReportFiles;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.eval.CandidateEvaluation;
import dev.coppice.spark.eval.EvaluationResult;
import dev.coppice.spark.eval.RankingEvaluation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Measures a model on the test part of a data set. */
public final class EvaluateJob implements Job {
  @Override
  public String name() {
    return "evaluate";
  }

  @Override
  public String summary() {
    return "Measures a model on the test part of a data set, beside the popularity baseline.";
  }

  @Override
  public ConfigSchema schema() {
    return ModelKeys.evaluate();
  }

  @Override
  public Map<String, String> underWorkDir() {
    return Map.of("input", "data", "model", "model", "output", "evaluation", "tuning", "tuning");
  }

  @Override
  public void check(ConfigValues values) {
    Titles.read(values);
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    String output = values.get(ModelKeys.OUTPUT);
    Places.keepApart(
        context,
        values,
        ModelKeys.OUTPUT,
        List.of(ModelKeys.INPUT, ModelKeys.MODEL, ModelKeys.BESIDE));
    if (RunMarker.isDone(context.hadoop(), output, ReportFiles.METRICS, values)) {
      return RunMarker.alreadyDone(output, values);
    }
    return RunLock.during(context.hadoop(), output, () -> evaluate(context, values, output));
  }

  private static JobSummary evaluate(JobContext context, ConfigValues values, String output)
      throws Exception {
    RunMarker.refuseOther(context.hadoop(), output, ReportFiles.METRICS, context.job());
    try (AtomicDirectory directory =
        new AtomicDirectory(
            context.hadoop(),
            "output",
            output,
            values.get(CommonKeys.OVERWRITE),
            ReportFiles.METRICS)) {
      CanonicalDataset data = CanonicalDataset.open(context.spark(), values.get(ModelKeys.INPUT));
      DynamicSparseALSModel model = ModelPlace.load(context, values.get(ModelKeys.MODEL));
      boolean test = values.get(ModelKeys.PART).equals("test");
      Part part = test ? Part.TEST : Part.VALIDATION;
      if (data.manifest().rows(part) == 0) {
        throw new BadInputException(
            "\""
                + data.path()
                + "\" has no "
                + part.key()
                + " part to evaluate on. Prepare the data with "
                + (test ? "split" : "validation")
                + " = ratio, leave-last, time or files.");
      }
      Dataset<Row> seen = NamedParts.pairs(data, test ? data.trainAndValidation() : data.train());
      Dataset<Row> wanted = NamedParts.pairs(data, data.part(part));
      if (data.isSmall()) {
        // What the lists of the report ask for again.
        seen.persist();
        wanted.persist();
      }
      try {
        Evaluation evaluation =
            new Evaluation(context, data, part, seen, wanted, Titles.read(values));
        JobSummary summary = evaluate(values, evaluation, model, directory.temporary(), output);
        directory.publish();
        return summary;
      } finally {
        seen.unpersist();
        wanted.unpersist();
      }
    }
  }

  private static JobSummary evaluate(
      ConfigValues values,
      Evaluation evaluation,
      DynamicSparseALSModel model,
      Path directory,
      String output)
      throws Exception {
    JobContext context = evaluation.context();
    CanonicalDataset data = evaluation.data();
    Part part = evaluation.part();
    List<MetricKey> keys =
        MetricKey.all(
            values.get(ModelKeys.CUTOFFS).stream()
                .distinct()
                .mapToInt(Integer::intValue)
                .toArray());
    boolean popularity = values.get(ModelKeys.POPULARITY);
    EvaluationResult result =
        context.phase("evaluate", () -> measure(evaluation, model, keys, popularity));
    Optional<Evaluation.Beside> beside = beside(context, values, evaluation, keys);
    CandidateScores candidates =
        part == Part.TEST && data.manifest().rows(Part.CANDIDATES) > 0
            ? context.phase(
                "evaluate among candidates",
                () ->
                    amongCandidates(
                        values, data, model, evaluation.seen(), evaluation.wanted(), keys))
            : CandidateScores.NONE;
    Evaluation.Measured measured = new Evaluation.Measured(model, result);
    EvaluationReport report =
        new EvaluationReport(
            Facts.run(context, values, model.info().seed()),
            Facts.data(data, data.manifest().rows(part)),
            result.users(),
            Evaluation.scores(result.model(), keys),
            result.popularity() == null ? Map.of() : Evaluation.scores(result.popularity(), keys),
            candidates,
            Facts.model(model),
            context.phase("report", () -> details(context, values, evaluation, measured, beside)));
    ReportFiles.write(report, directory, context.hadoop());
    return summary(values, output, report, result, model);
  }

  private static EvaluationResult measure(
      Evaluation evaluation,
      DynamicSparseALSModel model,
      List<MetricKey> keys,
      boolean popularity) {
    return RankingEvaluation.evaluate(
            NamedParts.named(model, evaluation.data().interactions()).scoringTables(),
            evaluation.seen(),
            List.of(evaluation.wanted()),
            keys,
            popularity,
            evaluation.request())
        .get(0);
  }

  /** Measures the other model, if one is set and is another one. */
  private static Optional<Evaluation.Beside> beside(
      JobContext context, ConfigValues values, Evaluation evaluation, List<MetricKey> keys)
      throws Exception {
    Optional<String> given = values.find(ModelKeys.BESIDE);
    if (given.isEmpty()) {
      return Optional.empty();
    }
    String model = Registry.resolve(context.hadoop(), values.get(ModelKeys.MODEL));
    Optional<String> place = OtherModel.of(context.hadoop(), given.get(), model);
    if (place.isEmpty()) {
      context.say("nothing to show beside the model: " + given.get() + " has no other one");
      return Optional.empty();
    }
    boolean published = !place.get().equals(given.get());
    context.say("shown beside: " + place.get());
    return Optional.of(
        context.phase(
            "evaluate the other model",
            () -> {
              DynamicSparseALSModel other = DynamicSparseALSModel.load(place.get());
              return new Evaluation.Beside(
                  published ? new Path(place.get()).getName() : place.get(),
                  published,
                  new Evaluation.Measured(other, measure(evaluation, other, keys, false)));
            }));
  }

  private static EvaluationDetails details(
      JobContext context,
      ConfigValues values,
      Evaluation evaluation,
      Evaluation.Measured measured,
      Optional<Evaluation.Beside> beside)
      throws IOException {
    EvaluationDetails details = evaluation.details(measured, beside, null);
    Optional<String> tuning = values.find(ModelKeys.TUNING);
    return tuning.isEmpty()
        ? details
        : details.withTuned(Evaluation.tuned(context, tuning.get()).orElse(null));
  }

  private static CandidateScores amongCandidates(
      ConfigValues values,
      CanonicalDataset data,
      DynamicSparseALSModel model,
      Dataset<Row> seen,
      Dataset<Row> wanted,
      List<MetricKey> keys) {
    Dataset<Row> pool =
        CandidateEvaluation.pool(
                wanted, NamedParts.pairs(data, data.candidates()), "user", "item", "relevant")
            .persist();
    try {
      return new CandidateScores(
          MetricKey.byName(
              CandidateEvaluation.evaluate(model.scoringTables(), pool, "relevant", keys)),
          values.get(ModelKeys.POPULARITY)
              ? MetricKey.byName(
                  CandidateEvaluation.popularity(seen, pool, "user", "item", "relevant", keys))
              : Map.of());
    } finally {
      pool.unpersist();
    }
  }

  private static JobSummary summary(
      ConfigValues values,
      String output,
      EvaluationReport report,
      EvaluationResult result,
      DynamicSparseALSModel model) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%,d users, %,d pairs of the %s part (%,d users and %,d pairs unknown to the model)",
            result.users(),
            result.testPairs(),
            values.get(ModelKeys.PART),
            result.unknownUsers(),
            result.unknownPairs()));
    addTable(lines, report.metrics(), report.popularity());
    BelowPopularity.warning(model, report.metrics(), report.popularity()).ifPresent(lines::add);
    if (!report.candidates().metrics().isEmpty()) {
      lines.add("among the candidates that the data set gives for the test pairs:");
      addTable(lines, report.candidates().metrics(), report.candidates().popularity());
    }
    lines.add("metrics: " + output + "/" + ReportFiles.METRICS);
    lines.add("report: " + output + "/" + ReportFiles.PAGE);
    return new JobSummary(lines);
  }

  private static void addTable(
      List<String> lines, Map<String, Double> metrics, Map<String, Double> popularity) {
    lines.add(String.format(Locale.ROOT, "%-18s %10s %10s", "metric", "model", "popularity"));
    metrics.forEach(
        (name, value) -> {
          Double baseline = popularity.get(name);
          lines.add(
              String.format(
                  Locale.ROOT,
                  "%-18s %10.4f %10s",
                  name,
                  value,
                  baseline == null ? "-" : String.format(Locale.ROOT, "%.4f", baseline)));
        });
  }
}
