package dev.coppice.sizing;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Reads from a running application what Spark was given. */
public final class SparkResources {
  private SparkResources() {}

  /**
   * Reads the resources.
   *
   * <p>Executors are counted as they were asked for where they were, as those that have joined
   * where they were not, as on a standalone cluster.
   */
  public static Resources of(JavaSparkContext spark) {
    SparkConf conf = spark.getConf();
    long driver = Runtime.getRuntime().maxMemory();
    long maxResult = conf.getSizeAsBytes("spark.driver.maxResultSize", "1g");
    double fraction = conf.getDouble("spark.memory.fraction", Resources.MEMORY_FRACTION);
    if (spark.isLocal()) {
      int cores = Math.max(1, spark.defaultParallelism());
      return new Resources(true, 1, cores, driver, driver, maxResult, fraction);
    }
    int executors = executors(spark, conf);
    int cores =
        conf.getInt("spark.executor.cores", Math.max(1, spark.defaultParallelism() / executors));
    long heap = conf.getSizeAsBytes("spark.executor.memory", "1g");
    return new Resources(false, executors, cores, heap, driver, maxResult, fraction);
  }

  private static int executors(JavaSparkContext spark, SparkConf conf) {
    boolean dynamic = conf.getBoolean("spark.dynamicAllocation.enabled", false);
    String asked = dynamic ? "spark.dynamicAllocation.maxExecutors" : "spark.executor.instances";
    // The driver is in the list, too.
    int joined = spark.sc().statusTracker().getExecutorInfos().length - 1;
    return Math.max(1, conf.contains(asked) ? conf.getInt(asked, joined) : joined);
  }
}
