package dev.coppice.job.tune;

import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.CoppiceException;
import dev.coppice.core.error.ExitCode;
import dev.coppice.core.error.UsageException;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Part;
import dev.coppice.job.frame.Checked;
import dev.coppice.job.frame.CoppiceVersion;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.job.train.Closer;
import dev.coppice.job.train.ModelTraining;
import dev.coppice.job.train.TrainKeys;
import dev.coppice.job.train.TrainedRun;
import dev.coppice.report.ReportFiles;
import dev.coppice.report.TuneReport;
import dev.coppice.spark.LatentKeys;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** Searches for good settings of {@code train}. */
public final class TuneJob implements Job {
  private static final TrainedRun.Place PLACE =
      new TrainedRun.Place(
          TuneKeys.OUTPUT,
          TunedConf.FILE,
          ReportFiles.METRICS,
          Optional.empty(),
          List.of(TrainKeys.INPUT));

  /** Candidates that are looked at before Spark starts: each rule of thumb, and some others. */
  private static final int LOOKED_AT = 12;

  private static final long SOME_ROWS = 1000;

  @Override
  public String name() {
    return "tune";
  }

  @Override
  public String summary() {
    return "Searches for good settings of train on a data set with a validation part.";
  }

  @Override
  public ConfigSchema schema() {
    return TuneKeys.schema();
  }

  @Override
  public Map<String, String> underWorkDir() {
    return Map.of("input", "data", "output", "tuning");
  }

  /** Settings that are fixed must go together with some of those that are searched. */
  @Override
  public void check(ConfigValues values) {
    Space space = new Space(values, SOME_ROWS, SOME_ROWS);
    UsageException first = null;
    for (int number = 0; number < LOOKED_AT; number++) {
      Optional<Candidate> candidate = space.candidate(number);
      if (candidate.isEmpty()) {
        break;
      }
      try {
        ConfigValues settings = space.resolved(candidate.get().settings());
        Checked.asUsage(() -> ModelTraining.estimator(settings).validate());
        return;
      } catch (UsageException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    TrainedRun run = new TrainedRun(context, values, PLACE);
    return run.unlessDone(
        () -> {
          CanonicalDataset data =
              context.phase(
                  "load",
                  () -> CanonicalDataset.open(context.spark(), values.get(TrainKeys.INPUT)));
          requireValidation(data);
          return run.make((target, closer) -> tune(context, values, data, target, closer));
        });
  }

  private static void requireValidation(CanonicalDataset data) {
    if (data.manifest().rows(Part.VALIDATION) == 0) {
      throw new BadInputException(
          "\""
              + data.path()
              + "\" has no validation part, on which trials are compared. Prepare the data with"
              + " validation = ratio.");
    }
  }

  private static TrainedRun.Trained<TuneReport> tune(
      JobContext context, ConfigValues values, CanonicalDataset data, String target, Closer closer)
      throws Exception {
    Space space = new Space(values, data.manifest().users(), data.manifest().items());
    if (space.candidate(0).isEmpty()) {
      throw new UsageException(
          "no model is small enough for maxBytes = "
              + values.find(TuneKeys.MAX_BYTES).map(String::valueOf).orElse("-")
              + " with "
              + data.manifest().users()
              + " users and "
              + data.manifest().items()
              + " items, or none fits the settings that are fixed. Raise it, or fix less.");
    }
    TrialJournal journal =
        TrialJournal.open(
            context.hadoop(), target, owner(values, data, space), values.get(TuneKeys.RESUME));
    for (Dataset<Row> part : List.of(data.train(), data.validation())) {
      part.persist(StorageLevel.MEMORY_AND_DISK());
      closer.hold(part::unpersist);
    }
    Search search = new Search(context, values, data, space, journal);
    List<Trial> trials = search.trials();
    Trial chosen =
        trials.stream()
            .filter(trial -> trial.outcome().isPresent())
            .filter(trial -> fits(values, trial))
            .min(Trial.BEST_FIRST)
            .orElseThrow(() -> nothing(trials));
    return new Tuned(context, values, data, space, search, trials, chosen, journal, target);
  }

  private static boolean fits(ConfigValues values, Trial trial) {
    return trial.bytes() <= values.find(TuneKeys.MAX_BYTES).orElse(Long.MAX_VALUE);
  }

  private static CoppiceException nothing(List<Trial> trials) {
    String why =
        trials.stream()
            .filter(trial -> trial.outcome().isEmpty())
            .findFirst()
            .map(trial -> "The first that failed: " + trial.failure())
            .orElse("None is below maxBytes.");
    return new CoppiceException(
        ExitCode.FAILURE, "none of " + trials.size() + " trials gave settings to choose. " + why);
  }

  /** What trials must have in common to be used again. */
  private static String owner(ConfigValues values, CanonicalDataset data, Space space) {
    return CoppiceVersion.get()
        + " "
        + data.manifest().fingerprint()
        + " seed="
        + values.get(LatentKeys.SEED)
        + " "
        + space.fixed();
  }
}
