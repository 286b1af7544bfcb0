package dev.coppice.job;

import dev.coppice.core.error.UsageException;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.Progress;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * Runs jobs in a Spark session that is there already, such as a notebook's: nothing of the session
 * is changed, it is not stopped, the process is not ended, and what goes wrong is thrown. Which
 * settings the session lacks is told on standard error, with the progress.
 *
 * <pre>{@code
 * InSession.run(spark, "train", Map.of("input", "data", "model", "model"));
 * }</pre>
 *
 * <p>From Python, {@code spark._jvm.dev.coppice.job.InSession.run(spark._jsparkSession, "train",
 * {...})}.
 */
public final class InSession {
  private InSession() {}

  /**
   * Runs a job.
   *
   * @param job its name, such as {@code train}; or {@code run} for several of them
   * @param settings by key, as {@code --set} takes them
   * @return the lines that the job ends with
   * @throws dev.coppice.core.error.CoppiceException if the settings or the input are wrong, or the
   *     work cannot be done; it has the exit code that the command line would end with
   */
  public static List<String> run(SparkSession session, String job, Map<String, String> settings)
      throws Exception {
    return run(session, job, null, settings);
  }

  /**
   * Runs a job with a configuration file.
   *
   * @param conf a file that the driver reaches as a local one; null for none
   * @param settings stronger than the file
   */
  public static List<String> run(
      SparkSession session, String job, String conf, Map<String, String> settings)
      throws Exception {
    Job wanted =
        Jobs.all().stream()
            .filter(one -> one.name().equals(job))
            .findFirst()
            .orElseThrow(
                () ->
                    new UsageException(
                        "there is no job \"" + job + "\"; allowed: " + Jobs.names()));
    List<String> sets = new ArrayList<>();
    settings.forEach((key, value) -> sets.add(key + "=" + value));
    PrintWriter err =
        new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true);
    return new JobFrame(null, false, new SessionOfRun(session))
        .summary(wanted, conf == null ? null : Path.of(conf), sets, new Progress(err, false))
        .lines();
  }
}
