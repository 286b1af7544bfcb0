package dev.coppice.job.frame;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.observe.ObserveKeys;

/** Keys that mean the same to every job. */
public final class CommonKeys {
  /** Where everything lies that has no path of its own. */
  public static final ConfigKey<String> WORK_DIR =
      ConfigKey.path("workDir")
          .withDoc(
              "directory for every path that is not given: data, model, tuning, evaluation,"
                  + " recommendations, similar, statistics");

  /** Whether outputs of an earlier run are replaced. */
  public static final ConfigKey<Boolean> OVERWRITE =
      ConfigKey.flag("overwrite")
          .withDefault(false)
          .withDoc("replace the output of an earlier run; anything else is never replaced");

  /** What makes a repeated run do nothing. */
  public static final ConfigKey<String> RUN_ID =
      ConfigKey.text("runId")
          .withDoc(
              "name of this run, such as a date: a job whose output was already written under this"
                  + " name does nothing and succeeds");

  private CommonKeys() {}

  /** The common keys, for the end of a job's own. */
  public static ConfigSchema schema() {
    return ConfigSchema.of(WORK_DIR, OVERWRITE, RUN_ID).and(ObserveKeys.schema());
  }
}
