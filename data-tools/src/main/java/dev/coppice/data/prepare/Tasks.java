package dev.coppice.data.prepare;

import org.apache.spark.sql.SparkSession;

/** How many tasks a step is worth; results never depend on it. */
final class Tasks {
  private static final long ROWS_EACH = 1_000_000;
  private static final long WORTH_SHARING = 50_000;
  private static final int MOST = 20_000;

  private Tasks() {}

  /**
   * Tasks for {@code rows}: one for a few, every core for more, a million rows each for many. Spark
   * keeps the partitions of what it caches, so its own default would make 200 of any size.
   */
  static int of(SparkSession spark, long rows) {
    if (rows < WORTH_SHARING) {
      return 1;
    }
    long cores = spark.sparkContext().defaultParallelism();
    return (int) Math.min(MOST, Math.max(cores, rows / ROWS_EACH));
  }
}
