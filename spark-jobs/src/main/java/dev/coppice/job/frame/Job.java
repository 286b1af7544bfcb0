package dev.coppice.job.frame;

import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import java.util.Map;

/** One job: its name, its keys and its work. */
public interface Job {
  /** The name of the subcommand and of the section in configuration files. */
  String name();

  /** What the job does, in one sentence for the help text. */
  String summary();

  /** The keys the job knows. */
  ConfigSchema schema();

  /**
   * The paths that follow from {@code workDir} where they are not given: key to the name under
   * {@code workDir}.
   */
  default Map<String, String> underWorkDir() {
    return Map.of();
  }

  /**
   * Checks what single keys cannot: combinations. Runs before Spark starts.
   *
   * @throws dev.coppice.core.error.UsageException if the settings do not fit together
   */
  default void check(ConfigValues values) {}

  /**
   * Checks the whole configuration and gives back the work that is then to be done. Runs before
   * Spark starts.
   *
   * @throws dev.coppice.core.error.UsageException if the configuration is not allowed
   */
  default Work plan(JobSettings settings) {
    ConfigValues values = settings.resolve(this);
    return needsSpark()
        ? context -> ObservedRun.of(this, context, values)
        : context -> run(context, values);
  }

  /**
   * Whether the job is given a Spark session. Without one it is not observed either, and must not
   * ask for {@link JobContext#spark}.
   */
  default boolean needsSpark() {
    return true;
  }

  /**
   * Does the work.
   *
   * @return what was done, for the end of the output
   */
  JobSummary run(JobContext context, ConfigValues values) throws Exception;

  /** A job whose settings are checked and bound. */
  @FunctionalInterface
  interface Work {
    /** Does the work and tells what was done. */
    JobSummary run(JobContext context) throws Exception;
  }
}
