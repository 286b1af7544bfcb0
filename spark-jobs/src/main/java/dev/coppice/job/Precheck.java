package dev.coppice.job;

import dev.coppice.core.error.CoppiceException;
import dev.coppice.core.util.SuppressForbidden;
import dev.coppice.job.frame.Job;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/**
 * Tells what a command line comes to before Spark is needed: help, the version, and every mistake
 * in it and in the configuration. {@code deploy/bin/coppice} runs it first, in a small JVM, so that
 * nobody waits for {@code spark-submit} to be told of a mistyped key. Where Spark is not on the
 * class path, or not its whole, {@link Coppice} finds what is missed here.
 */
public final class Precheck {
  /** The exit code that is none of a job's: nothing was found, submit it. */
  static final int SUBMIT = 100;

  private Precheck() {}

  /** Ends the process with an exit code of {@link dev.coppice.core.error.ExitCode}, or 100. */
  @SuppressForbidden(reason = "a main ends the process with its exit code")
  public static void main(String[] arguments) {
    Path callerDir = JobPlan.callerDir(System.getenv("COPPICE_CALLER_DIR"));
    System.exit(Coppice.commandLine(runner(callerDir)).execute(arguments));
  }

  /** Plans jobs and does not run them. */
  static JobPlan.Runner runner(Path callerDir) {
    return (job, conf, sets, verbose, out, err) -> check(job, conf, sets, verbose, err, callerDir);
  }

  private static int check(
      Job job, Path conf, List<String> sets, boolean verbose, PrintWriter err, Path callerDir) {
    try {
      JobPlan.of(job, conf, sets, callerDir);
      return SUBMIT;
    } catch (CoppiceException e) {
      return JobPlan.failed(job, e, verbose, err).code();
    } catch (RuntimeException | LinkageError e) {
      // The job's own process tells it.
      return SUBMIT;
    }
  }
}
