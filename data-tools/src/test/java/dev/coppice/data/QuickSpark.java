package dev.coppice.data;

import org.apache.spark.SparkConf;

/** Settings that make many small queries quick; nothing that a result depends on. */
public final class QuickSpark {
  private QuickSpark() {}

  /** Two threads in this process, and as strict about Kryo as the jobs are. */
  public static SparkConf conf() {
    return new SparkConf()
        .setMaster("local[2]")
        .setAppName("tests")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.ui.enabled", "false")
        .set("spark.kryo.registrationRequired", "true")
        .set("spark.sql.session.timeZone", "UTC")
        .set("spark.sql.shuffle.partitions", "2")
        // As in jobs: what lies in one partition is joined there.
        .set("spark.sql.maxSinglePartitionBytes", Long.MAX_VALUE + "b")
        // What is small is planned once and run as planned. Processes that tests start, and Python,
        // have Spark's defaults.
        .set("spark.sql.adaptive.enabled", "false")
        .set("spark.sql.codegen.wholeStage", "false")
        // The same queries come back test after test; by default Spark keeps the code of 100 and
        // would compile most of them again.
        .set("spark.sql.codegen.cache.maxEntries", "2000")
        // By default each operator takes memory by up to 64 MiB and each broadcast by 4 MiB, which
        // are zeroed, to hold a few hundred rows.
        .set("spark.buffer.pageSize", "1m")
        .set("spark.broadcast.blockSize", "64k")
        // One file a task rather than one a task and partition.
        .set("spark.shuffle.sort.bypassMergeThreshold", "1")
        // Nobody looks at what was run.
        .set("spark.ui.retainedJobs", "10")
        .set("spark.ui.retainedStages", "10")
        .set("spark.ui.retainedTasks", "100")
        .set("spark.ui.dagGraph.retainedRootRDDs", "10")
        .set("spark.sql.ui.retainedExecutions", "5");
  }
}
