package dev.coppice.job.train;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.UsageException;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.RunLock;
import dev.coppice.publish.PublishKeys;
import dev.coppice.publish.Registry;
import dev.coppice.spark.AlsKeys;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.ScoringKeys;
import dev.coppice.spark.SparseRecommender;
import dev.coppice.spark.checkpoint.CheckpointDirectory;
import dev.coppice.spark.checkpoint.CheckpointManifest;
import dev.coppice.spark.checkpoint.Checkpoints;
import dev.coppice.spark.checkpoint.RunIdentity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The durable state of a training job: where it lies, whose it is, and what is said about it. */
final class TrainCheckpoints implements AutoCloseable {
  /** Settings that a run may be resumed with others of: the model is the same. */
  private static final List<ConfigKey<?>> NEUTRAL =
      List.of(
          TrainKeys.INPUT,
          TrainKeys.MODEL,
          TrainKeys.OUTPUT,
          ScoringKeys.NUM_PARTITIONS,
          ScoringKeys.BROADCAST_LIMIT,
          AlsKeys.CHECKPOINT_INTERVAL,
          TrainKeys.CHECKPOINT_DIR,
          TrainKeys.RESUME,
          TrainKeys.STALE_CHECKPOINT,
          PublishKeys.REGISTRY,
          PublishKeys.GATE_METRIC,
          PublishKeys.MAX_REGRESSION,
          PublishKeys.KEEP_MODELS,
          CommonKeys.WORK_DIR,
          CommonKeys.OVERWRITE,
          CommonKeys.RUN_ID);

  private final CheckpointDirectory directory;
  private final String owner;
  private final RunLock lock;
  private Checkpoints checkpoints;

  private TrainCheckpoints(CheckpointDirectory directory, String owner, RunLock lock) {
    this.directory = directory;
    this.owner = owner;
    this.lock = lock;
  }

  /**
   * Checks, before Spark starts, that a run that is to be resumed has checkpoints.
   *
   * @throws UsageException if it has none
   */
  static void check(ConfigValues values) {
    if (values.get(TrainKeys.RESUME) && values.get(AlsKeys.CHECKPOINT_INTERVAL) < 0) {
      throw new UsageException(
          "resume = true needs checkpoints, and checkpointInterval is "
              + values.get(AlsKeys.CHECKPOINT_INTERVAL)
              + ". Set it to at least 1, or leave resume out.");
    }
  }

  /**
   * Finds out whether checkpoints can be written; nothing else is touched.
   *
   * @param model where the model goes
   * @throws UsageException if they cannot
   * @throws dev.coppice.core.error.CoppiceException if another run uses the same directory
   */
  static TrainCheckpoints open(Configuration hadoop, ConfigValues values, String model)
      throws IOException {
    if (values.get(AlsKeys.CHECKPOINT_INTERVAL) < 0) {
      return new TrainCheckpoints(null, null, null);
    }
    Path given = new Path(model);
    Path target = given.getFileSystem(hadoop).makeQualified(given);
    Optional<String> own = values.find(TrainKeys.CHECKPOINT_DIR);
    Optional<String> registry = values.find(PublishKeys.REGISTRY);
    if (own.isEmpty() && registry.isPresent()) {
      // Not beside the model, whose name may change from run to run; the registry's lock is held.
      Path place = new Path(registry.get(), ".checkpoint");
      return new TrainCheckpoints(
          CheckpointDirectory.open(hadoop, place.toString()), "the registry", null);
    }
    if (own.isEmpty()) {
      // Beside the model, whose lock keeps others out; it may be moved together with it.
      String beside = "." + target.getName() + ".checkpoint";
      Path place = new Path(target.getParent(), beside);
      return new TrainCheckpoints(CheckpointDirectory.open(hadoop, place.toString()), beside, null);
    }
    CheckpointDirectory directory = CheckpointDirectory.open(hadoop, own.get());
    RunLock lock = RunLock.take(hadoop, new Path(directory.path(), "checkpoints").toString());
    String whose = registry.orElse(target.toString());
    return new TrainCheckpoints(directory, whose, lock);
  }

  /**
   * Begins the run: from its checkpoint if it is to be resumed and there is one, else from nothing.
   *
   * @param data fingerprint of the data
   */
  void begin(JobContext context, ConfigValues values, String data) throws IOException {
    if (directory == null) {
      return;
    }
    Map<String, String> configuration = new HashMap<>(values.asMap());
    NEUTRAL.forEach(key -> configuration.remove(key.name()));
    Optional<String> initial = values.find(TrainKeys.INITIAL_MODEL);
    if (initial.isPresent()) {
      // A registry may have published another model since.
      configuration.put(
          TrainKeys.INITIAL_MODEL.name(), Registry.resolve(context.hadoop(), initial.get()));
    }
    RunIdentity run = new RunIdentity(owner, data, configuration);
    int interval = values.get(AlsKeys.CHECKPOINT_INTERVAL);
    if (values.get(TrainKeys.RESUME)) {
      checkpoints =
          values.get(TrainKeys.STALE_CHECKPOINT).equals("restart")
              ? Checkpoints.resumeOrRestart(directory, run, interval)
              : Checkpoints.resume(directory, run, interval);
      context.say(beginning());
    } else {
      checkpoints = Checkpoints.fresh(directory, run, interval);
    }
  }

  /**
   * Trains with the checkpoints of a run that has begun, if it has any.
   *
   * @param start the model to start from, numbered as the rows are
   */
  DynamicSparseALSModel fit(
      SparseRecommender als, Dataset<Row> rows, Optional<DynamicSparseALSModel> start) {
    return als.fit(rows, start.orElse(null), checkpoints);
  }

  private String beginning() {
    Optional<CheckpointManifest> resumed = checkpoints.resumed();
    if (checkpoints.restarted().isPresent()) {
      return "warning: started from the beginning and removed a stale checkpoint: "
          + checkpoints.restarted().orElseThrow();
    }
    return resumed.isPresent()
        ? "resumed after sweep "
            + resumed.get().state().sweep()
            + " from "
            + checkpoints.resumedFrom().orElseThrow()
        : "resume: no checkpoint in " + directory.path() + "; started from the beginning";
  }

  /** Returns what the job's summary tells. */
  List<String> lines(ConfigValues values) {
    List<String> lines = new ArrayList<>();
    if (checkpoints != null && values.get(TrainKeys.RESUME)) {
      lines.add(beginning());
    }
    if (checkpoints != null && checkpoints.failed() > 0) {
      lines.add(
          checkpoints.failed()
              + " of "
              + (checkpoints.failed() + checkpoints.written())
              + " checkpoints could not be written to "
              + directory.path());
    }
    return lines;
  }

  /** Removes all checkpoints, when the model is in its place. */
  void clear(JobContext context) {
    try {
      if (checkpoints != null) {
        checkpoints.clear();
      }
    } catch (IOException e) {
      context.say(
          "the checkpoints in "
              + directory.path()
              + " could not be removed ("
              + e.getMessage()
              + "). The model is whole; remove them by hand.");
    }
  }

  @Override
  public void close() throws IOException {
    if (lock != null) {
      lock.close();
    }
    if (directory != null) {
      directory.close();
    }
  }
}
