package dev.coppice.job.train;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.CoppiceException;
import dev.coppice.core.error.ExitCode;
import dev.coppice.core.error.UsageException;
import dev.coppice.files.AtomicDirectory;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.frame.ErrorText;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.job.frame.Places;
import dev.coppice.job.frame.RunLock;
import dev.coppice.job.frame.RunMarker;
import dev.coppice.job.registry.RegistryRun;
import dev.coppice.publish.PublishKeys;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flow of every job that ends with a model, or with settings for one: train, save, report,
 * publish. The jobs say what is trained, how it is saved and what is told of it; where it goes, who
 * is kept out meanwhile, and what happens in which order is decided here.
 *
 * <ol>
 *   <li>Nothing is done if the run of this id has done it before.
 *   <li>The output is locked, or the registry where one is set.
 *   <li>The model is trained, and saved at once, beside its place.
 *   <li>The report is made and written beside it. If that fails, the model is kept all the same:
 *       the failure is told when it happens, and is the error of the run when all else is done.
 *   <li>Model and report appear under their name by one rename; then the copy of the report.
 *   <li>The registry publishes the model behind its gate.
 * </ol>
 */
public final class TrainedRun {
  /** A file that every saved model has, and nothing else. */
  static final String MODEL_FILE = "coppice.json";

  private static final Logger LOG = LoggerFactory.getLogger(TrainedRun.class);

  private final JobContext context;
  private final ConfigValues values;
  private final Place place;
  private String kept;
  private Throwable failure;

  /**
   * Where a job writes.
   *
   * @param key setting that names the directory; not read where a registry is set
   * @param marker file that shows a directory to be an older output, which may be replaced; if it
   *     is the report, which other jobs write too, only an output of the same job is replaced
   * @param report the report file that holds the settings of the run, by which it is known
   * @param copy setting that names another directory for the report, if the job has one
   * @param inputs settings that name what the job reads, from which the outputs are kept apart
   */
  public record Place(
      ConfigKey<String> key,
      String marker,
      String report,
      Optional<ConfigKey<String>> copy,
      List<ConfigKey<String>> inputs) {

    /** The place of a saved model. */
    static Place ofModel(
        String report, Optional<ConfigKey<String>> copy, List<ConfigKey<String>> inputs) {
      return new Place(TrainKeys.MODEL, MODEL_FILE, report, copy, inputs);
    }
  }

  /**
   * Trains.
   *
   * @param <R> what the report tells
   */
  @FunctionalInterface
  public interface Training<R> {
    /**
     * Checks what the run needs, up to its report, and trains.
     *
     * @param target where the model is going to be; nothing is written there
     * @param closer holds what is to be given back when the run ends, well or not
     */
    Trained<R> train(String target, Closer closer) throws Exception;
  }

  /**
   * What was trained.
   *
   * @param <R> what the report tells
   */
  public interface Trained<R> {
    /**
     * Writes it, whole. What must keep it from its place is to be thrown here.
     *
     * @param directory where to; does not exist yet
     */
    void save(Path directory) throws Exception;

    /** Finds out what the report tells. The model is saved by now. */
    R report() throws Exception;

    /** Writes the report into a directory, new or not; nothing half-written. */
    void write(R report, Path directory) throws IOException;

    /**
     * Says that it is in its place although the report is not, a clause.
     *
     * @param place where it is
     */
    default String kept(String place) {
      return "the model is saved (" + place + ") and need not be trained again";
    }

    /** Called when the model is in its place. */
    default void published() {}

    /**
     * The lines that the job ends with.
     *
     * @param report what was reported; empty if that failed
     */
    List<String> lines(Optional<R> report);
  }

  /**
   * One run of a job.
   *
   * @param values the checked settings
   */
  public TrainedRun(JobContext context, ConfigValues values, Place place) {
    this.context = context;
    this.values = values;
    this.place = place;
  }

  /**
   * Checks, before Spark starts, that a job that may publish knows where its model goes.
   *
   * @throws UsageException if it does not, or the settings of publishing are not allowed
   */
  public static void check(ConfigValues values) {
    if (values.find(PublishKeys.REGISTRY).isPresent()) {
      RegistryRun.check(values);
    } else if (values.find(TrainKeys.MODEL).isEmpty()) {
      throw new UsageException(
          "model is not set: it must be a path or URI (where the model goes). Set it, or set"
              + " registry to publish the model in a registry.");
    }
  }

  /**
   * Does some work, unless the run of this id has made its model before. A model that is in the
   * registry already tries the gate again.
   *
   * @param work reaches {@link #make} in the end, or finds that there is nothing to do
   * @throws UsageException if an output is, holds or lies in an input, or cannot be a directory
   */
  public JobSummary unlessDone(Callable<JobSummary> work) throws Exception {
    if (place.copy().isPresent()) {
      Places.keepApart(context, values, place.copy().get(), place.inputs());
      Places.requireDirectory(context, values, place.copy().get());
    }
    if (publishes()) {
      // The published model may be this run's own by now, which is no model to begin from.
      return RegistryRun.isMade(context, values)
          ? RegistryRun.of(context, values, gateInput(), target -> JobSummary.of())
          : work.call();
    }
    Places.keepApart(context, values, place.key(), place.inputs());
    String target = values.get(place.key());
    return RunMarker.isDone(context.hadoop(), target, place.report(), values)
        ? RunMarker.alreadyDone(target, values)
        : work.call();
  }

  /**
   * Trains, saves, reports and publishes.
   *
   * @param <R> what the report tells
   * @throws CoppiceException with {@link ExitCode#FAILURE} if the model is in its place and its
   *     report is not; with the codes of {@link RunLock} and {@link RegistryRun}
   */
  public <R> JobSummary make(Training<R> training) throws Exception {
    JobSummary summary =
        publishes()
            ? RegistryRun.of(context, values, gateInput(), target -> make(training, target))
            : RunLock.during(
                context.hadoop(),
                values.get(place.key()),
                () -> make(training, values.get(place.key())));
    if (failure == null) {
      return summary;
    }
    // An error has no summary; what was done is told all the same.
    summary.lines().forEach(context::say);
    throw new CoppiceException(
        ExitCode.FAILURE,
        kept + ", but its report could not be written: " + ErrorText.of(failure),
        failure);
  }

  private <R> JobSummary make(Training<R> training, String target) throws Exception {
    if (place.marker().equals(place.report())) {
      RunMarker.refuseOther(context.hadoop(), target, place.marker(), context.job());
    }
    try (AtomicDirectory directory =
            new AtomicDirectory(
                context.hadoop(),
                place.key().name(),
                target,
                values.get(CommonKeys.OVERWRITE),
                place.marker());
        Closer closer = new Closer(context)) {
      Trained<R> trained = training.train(target, closer);
      trained.save(directory.temporary());
      Optional<R> report = attempt(trained::report);
      report.ifPresent(told -> attemptWrite(trained, told, directory.temporary()));
      directory.publish();
      kept = trained.kept(target);
      // A report that is found speaks of a model that is there.
      Optional<String> elsewhere = place.copy().flatMap(values::find);
      if (report.isPresent() && elsewhere.isPresent()) {
        attemptWrite(trained, report.get(), new Path(elsewhere.get()));
      }
      trained.published();
      return new JobSummary(trained.lines(failure == null ? report : Optional.empty()));
    }
  }

  private <R> void attemptWrite(Trained<R> trained, R report, Path directory) {
    attempt(
        () -> {
          trained.write(report, directory);
          return directory;
        });
  }

  /** Does a step of reporting; an error is kept for the end of the run. */
  private <T> Optional<T> attempt(Callable<T> step) {
    try {
      return Optional.of(step.call());
    } catch (Exception | OutOfMemoryError | StackOverflowError | LinkageError | FSError e) {
      LOG.warn("the report could not be written", e);
      context.say("warning: the report could not be written: " + ErrorText.of(e));
      if (failure == null) {
        failure = e;
      } else if (failure != e) {
        failure.addSuppressed(e);
      }
      return Optional.empty();
    }
  }

  private boolean publishes() {
    return values.find(PublishKeys.REGISTRY).isPresent();
  }

  /** What the gate of the registry measures on. */
  private Optional<String> gateInput() {
    return values.find(TrainKeys.INPUT);
  }
}
