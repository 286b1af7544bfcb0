package dev.coppice.spark;

import dev.coppice.data.QuickSpark;
import org.apache.spark.sql.SparkSession;

/** The one Spark session of a test JVM: two threads, Kryo with registration required. */
public final class TestSpark {
  private TestSpark() {}

  /** Returns the session, started the first time. */
  public static synchronized SparkSession session() {
    return SparkSession.builder().config(CoppiceRegistrator.addTo(QuickSpark.conf())).getOrCreate();
  }
}
