package dev.coppice.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** The one Spark session of a test JVM: two threads, Kryo with registration required. */
public final class TestSpark {
  private TestSpark() {}

  /** Returns the session, started the first time. */
  public static synchronized SparkSession session() {
    SparkConf conf =
        CoppiceRegistrator.addTo(
            new SparkConf()
                .setMaster("local[2]")
                .setAppName("tests")
                .set("spark.ui.enabled", "false")
                .set("spark.kryo.registrationRequired", "true")
                .set("spark.sql.shuffle.partitions", "4")
                .set("spark.sql.session.timeZone", "UTC")
                // The same queries come back test after test; by default Spark keeps the code of
                // 100 and would compile most of them again.
                .set("spark.sql.codegen.cache.maxEntries", "2000")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1"));
    return SparkSession.builder().config(conf).getOrCreate();
  }
}
