package dev.coppice.job;

import dev.coppice.core.error.ExitCode;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.job.frame.Progress;
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

    /**
     * What is to be said of a session before a job uses it.
     *
     * @throws dev.coppice.core.error.UsageException if no job can use it
     */
    default List<String> remarks(SparkSession session) {
      return List.of();
    }
  }

  /**
   * A frame for one process.
   *
   * @param callerDir where relative paths of {@code --set} start; null for the working directory
   * @param terminal whether progress may use a bar
   */
  JobFrame(String callerDir, boolean terminal) {
    this(callerDir, terminal, new SessionOfRun());
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
      summary(job, conf, sets, new Progress(err, terminal)).lines().forEach(out::println);
      out.flush();
      return ExitCode.DONE.code();
    } catch (Exception | OutOfMemoryError | StackOverflowError | LinkageError | FSError e) {
      return JobPlan.failed(job, e, verbose, err).code();
    }
  }

  /** Checks the whole configuration, and runs the job. */
  JobSummary summary(Job job, Path conf, List<String> sets, Progress progress) throws Exception {
    Job.Work work = JobPlan.of(job, conf, sets, callerDir);
    return job.needsSpark() ? onSpark(job, work, progress) : alone(job, work, progress);
  }

  private JobSummary onSpark(Job job, Job.Work work, Progress progress) throws Exception {
    SparkSession spark = sessions.start("coppice " + job.name(), terminal);
    try {
      JobContext context = new JobContext(job.name(), spark, progress);
      sessions.remarks(spark).forEach(context::say);
      return work.run(context);
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
