package dev.coppice.job;

import dev.coppice.core.error.CoppiceException;
import dev.coppice.core.error.ExitCode;
import dev.coppice.job.frame.ErrorText;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobSettings;
import dev.coppice.job.frame.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/** What a job's command line comes to before Spark is needed: its work, or an error. */
final class JobPlan {
  private JobPlan() {}

  /** What becomes of the command line of one job. */
  @FunctionalInterface
  interface Runner {
    /**
     * Runs, or checks, a job.
     *
     * @param conf the configuration file, or null
     * @param sets the {@code --set} options, {@code KEY=VALUE}
     * @param verbose whether an error shows its stack trace
     * @return how the process ends
     */
    int run(
        Job job, Path conf, List<String> sets, boolean verbose, PrintWriter out, PrintWriter err);
  }

  /**
   * Checks the whole configuration of a job.
   *
   * @param callerDir where relative paths of {@code --set} start; null for the working directory
   * @throws dev.coppice.core.error.UsageException if it is not allowed
   */
  static Job.Work of(Job job, Path conf, List<String> sets, Path callerDir) {
    Settings settings = Settings.read(conf, sets, Jobs.names());
    return job.plan(new JobSettings(Jobs.all(), settings, callerDir));
  }

  /** The directory that a variable of the environment names; null if it does not. */
  static Path callerDir(String name) {
    return name == null ? null : Path.of(name);
  }

  /** Tells an error, as one message unless {@code verbose}, and how the process ends on it. */
  static ExitCode failed(Job job, Throwable error, boolean verbose, PrintWriter err) {
    err.println("coppice " + job.name() + ": " + ErrorText.of(error));
    ExitCode code = ErrorText.exitCode(error);
    if (verbose) {
      error.printStackTrace(err);
    } else if (code == ExitCode.FAILURE && !(error instanceof CoppiceException)) {
      err.println("Run it again with --verbose for the stack trace.");
    }
    err.flush();
    return code;
  }
}
