package dev.coppice.job.frame;

import dev.coppice.observe.Event;
import dev.coppice.observe.Events;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** What a job is given to work with: Spark, a place to report progress, a clock per phase. */
public final class JobContext {
  private final String job;
  // Null for a job that needs none.
  private final SparkSession spark;
  private final Configuration hadoop;
  private final Progress progress;
  private final Events events = new Events();
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  public JobContext(String job, SparkSession spark, Progress progress) {
    this.job = Objects.requireNonNull(job);
    this.spark = Objects.requireNonNull(spark);
    this.progress = Objects.requireNonNull(progress);
    hadoop = spark.sparkContext().hadoopConfiguration();
  }

  /** The context of a job that needs no Spark. */
  public JobContext(String job, Configuration hadoop, Progress progress) {
    this.job = Objects.requireNonNull(job);
    this.spark = null;
    this.progress = Objects.requireNonNull(progress);
    this.hadoop = Objects.requireNonNull(hadoop);
  }

  /** The running Spark session, set up as {@link SparkSessions} says. */
  public SparkSession spark() {
    if (spark == null) {
      throw new IllegalStateException("the job " + job + " is run without Spark");
    }
    return spark;
  }

  /** How to reach file systems. */
  public Configuration hadoop() {
    return hadoop;
  }

  /** The name of the job. */
  public String job() {
    return job;
  }

  /** Who is told what happens. */
  Events events() {
    return events;
  }

  /** Tells that something happened; see docs/observing.md. */
  public void tell(Event.Type type, Map<String, Object> fields) {
    events.tell(type, job, fields);
  }

  /** Says one line about how the work goes. */
  public void say(String line) {
    progress.say(job, line);
  }

  /**
   * Runs one phase: announces it, gives Spark's jobs its name and adds its wall-clock time to
   * {@link #seconds}.
   */
  public <T> T phase(String name, Callable<T> work) throws Exception {
    progress.say(job, name + " ...");
    spark().sparkContext().setJobGroup(job, job + ": " + name, false);
    tell(Event.Type.PHASE, Map.of("phase", name));
    long start = System.nanoTime();
    boolean ok = false;
    try {
      T result = work.call();
      ok = true;
      return result;
    } finally {
      double took = (System.nanoTime() - start) / 1e9;
      seconds.merge(name, took, Double::sum);
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("phase", name);
      fields.put("seconds", took);
      fields.put("ok", ok);
      tell(Event.Type.PHASE_END, fields);
      spark().sparkContext().clearJobGroup();
    }
  }

  /** Wall-clock seconds per phase, in the order in which the phases began; a copy. */
  public Map<String, Double> seconds() {
    return new LinkedHashMap<>(seconds);
  }

  /** The same Spark session for another job of the same application, with a clock of its own. */
  public JobContext forJob(String other) {
    return new JobContext(other, spark, progress);
  }
}
