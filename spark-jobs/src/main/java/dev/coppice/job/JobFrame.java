package dev.coppice.job;

import dev.coppice.core.error.ExitCode;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.job.frame.Progress;
import dev.coppice.job.frame.SparkSessions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;

/**
 * What all jobs share: the whole configuration is checked first, then Spark starts, then the job
 * runs, then the summary is printed to standard output; whatever goes wrong becomes one message on
 * standard error and one exit code.
 */
final class JobFrame implements JobPlan.Runner {
  private final Path callerDir;
  private final boolean terminal;
  private final Sessions sessions;

  /** Where the Spark session of a job comes from, and what becomes of it. */
  interface Sessions {
    SparkSession start(String name, boolean terminal);

    default void end(SparkSession session) {
      session.stop();
    }
  }

  /**
   * A frame for one process.
   *
   * @param callerDir where relative paths of {@code --set} start; null for the working directory
   * @param terminal whether progress may use a bar
   */
  JobFrame(String callerDir, boolean terminal) {
    this(callerDir, terminal, SparkSessions::start);
  }

  /** As above, with sessions from elsewhere. */
  JobFrame(String callerDir, boolean terminal, Sessions sessions) {
    this.sessions = sessions;
    this.callerDir = JobPlan.callerDir(callerDir);
    this.terminal = terminal;
  }

  @Override
  public int run(
      Job job, Path conf, List<String> sets, boolean verbose, PrintWriter out, PrintWriter err) {
    try {
      Job.Work work = JobPlan.of(job, conf, sets, callerDir);
      Progress progress = new Progress(err, terminal);
      JobSummary summary =
          job.needsSpark() ? onSpark(job, work, progress) : alone(job, work, progress);
      summary.lines().forEach(out::println);
      out.flush();
      return ExitCode.DONE.code();
    } catch (Exception | OutOfMemoryError | StackOverflowError | LinkageError | FSError e) {
      return JobPlan.failed(job, e, verbose, err).code();
    }
  }

  private JobSummary onSpark(Job job, Job.Work work, Progress progress) throws Exception {
    SparkSession spark = sessions.start("coppice " + job.name(), terminal);
    try {
      return work.run(new JobContext(job.name(), spark, progress));
    } finally {
      sessions.end(spark);
    }
  }

  /** With the file systems that Spark's settings describe. */
  private static JobSummary alone(Job job, Job.Work work, Progress progress) throws Exception {
    Configuration hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    return work.run(new JobContext(job.name(), hadoop, progress));
  }
}
