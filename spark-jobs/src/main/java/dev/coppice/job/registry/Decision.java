package dev.coppice.job.registry;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Part;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.frame.ErrorText;
import dev.coppice.job.frame.Facts;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.rank.Evaluation;
import dev.coppice.job.rank.NamedParts;
import dev.coppice.job.rank.TitleKeys;
import dev.coppice.job.rank.Titles;
import dev.coppice.publish.PublishKeys;
import dev.coppice.publish.RegressionGate;
import dev.coppice.publish.Verdict;
import dev.coppice.report.CandidateScores;
import dev.coppice.report.EvaluationDetails;
import dev.coppice.report.EvaluationReport;
import dev.coppice.report.ReportFiles;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.eval.EvaluationResult;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the gate decides on a model of the registry, and the report of what it saw: the directory
 * {@value #DIRECTORY} beside the model, with metrics.json and report.html.
 */
final class Decision {
  static final String DIRECTORY = "evaluation";

  private static final Logger LOG = LoggerFactory.getLogger(Decision.class);

  /** Cut-offs that the report tells of beside the gate's own metric. */
  private static final int[] CUTOFFS = {10, 20};

  private final JobContext context;
  private final Verdict verdict;
  private final EvaluationReport report;

  private Decision(JobContext context, Verdict verdict, EvaluationReport report) {
    this.context = context;
    this.verdict = verdict;
    this.report = report;
  }

  /** Nothing was measured, and there is nothing to report. */
  static Decision unmeasured() {
    return new Decision(null, Verdict.unmeasured(), null);
  }

  /** The first model of a registry. */
  static Decision first(
      JobContext context, ConfigValues values, CanonicalDataset data, String model) {
    return of(context, values, data, model, null, null);
  }

  /**
   * A model beside the published one.
   *
   * @param publishedRunId the run of the published model
   * @param published where it is
   */
  static Decision beside(
      JobContext context,
      ConfigValues values,
      CanonicalDataset data,
      String model,
      String publishedRunId,
      String published) {
    return of(context, values, data, model, publishedRunId, published);
  }

  private static Decision of(
      JobContext context,
      ConfigValues values,
      CanonicalDataset data,
      String model,
      String publishedRunId,
      String published) {
    Dataset<Row> seen = NamedParts.pairs(data, data.train()).persist();
    Dataset<Row> wanted = NamedParts.pairs(data, data.validation()).persist();
    try {
      boolean titled = values.find(TitleKeys.TITLES).isPresent();
      Evaluation evaluation =
          new Evaluation(
              context,
              data,
              Part.VALIDATION,
              seen,
              wanted,
              titled ? Titles.read(values) : Titles.NONE);
      RegressionGate gate =
          PublishKeys.gate(values).telling(MetricKey.all(CUTOFFS), evaluation.request());
      DynamicSparseALSModel candidate =
          NamedParts.named(DynamicSparseALSModel.load(model), data.interactions());
      if (published == null) {
        return told(values, evaluation, candidate, gate.measure(candidate, seen, wanted), null);
      }
      DynamicSparseALSModel other =
          NamedParts.named(DynamicSparseALSModel.load(published), data.interactions());
      RegressionGate.Measured measured =
          gate.compare(candidate, other, publishedRunId, seen, wanted);
      return told(
          values,
          evaluation,
          candidate,
          measured,
          new Evaluation.Beside(
              publishedRunId, true, new Evaluation.Measured(other, measured.published())));
    } finally {
      seen.unpersist();
      wanted.unpersist();
    }
  }

  /** The report is a service: what keeps it from being made does not keep a model back. */
  private static Decision told(
      ConfigValues values,
      Evaluation evaluation,
      DynamicSparseALSModel candidate,
      RegressionGate.Measured measured,
      Evaluation.Beside beside) {
    JobContext context = evaluation.context();
    Verdict verdict = measured.verdict();
    EvaluationResult result = measured.candidate();
    if (result.users() == 0) {
      return new Decision(context, verdict, null);
    }
    try {
      EvaluationDetails details =
          evaluation.details(
              new Evaluation.Measured(candidate, result),
              Optional.ofNullable(beside),
              new EvaluationDetails.Gate(verdict.passed(), verdict.inWords()));
      Optional<String> work = values.find(CommonKeys.WORK_DIR);
      if (work.isPresent()) {
        details = details.withTuned(Evaluation.tuned(context, work.get() + "/tuning").orElse(null));
      }
      return new Decision(
          context,
          verdict,
          new EvaluationReport(
              Facts.run(context, values, candidate.info().seed()),
              Facts.data(evaluation.data(), evaluation.data().manifest().rows(Part.VALIDATION)),
              result.users(),
              Evaluation.scores(result.model(), List.copyOf(result.model().metrics().keySet())),
              Evaluation.scores(
                  result.popularity(), List.copyOf(result.model().metrics().keySet())),
              CandidateScores.NONE,
              Facts.model(candidate),
              details));
    } catch (Exception e) {
      warn(context, e);
      return new Decision(context, verdict, null);
    }
  }

  private static void warn(JobContext context, Exception error) {
    LOG.warn("the report of the gate could not be written", error);
    context.say("warning: the report of the gate could not be written: " + ErrorText.of(error));
  }

  Verdict verdict() {
    return verdict;
  }

  /**
   * Writes the report.
   *
   * @param model directory of the model
   * @return where the page is; empty if there is none
   */
  Optional<String> write(Path model) {
    if (report == null) {
      return Optional.empty();
    }
    Path directory = new Path(model, DIRECTORY);
    try {
      ReportFiles.write(report, directory, context.hadoop());
      return Optional.of(new Path(directory, ReportFiles.PAGE).toString());
    } catch (Exception e) {
      warn(context, e);
      return Optional.empty();
    }
  }
}
