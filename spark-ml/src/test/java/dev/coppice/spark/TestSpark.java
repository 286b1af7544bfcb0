package dev.coppice.spark;

import dev.coppice.data.QuickSpark;
import java.util.HashSet;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** The one Spark session of a test JVM: two threads, Kryo with registration required. */
public final class TestSpark {
  private TestSpark() {}

  /** Returns the session, started the first time. */
  public static synchronized SparkSession session() {
    return SparkSession.builder().config(CoppiceRegistrator.addTo(QuickSpark.conf())).getOrCreate();
  }

  /**
   * Returns the numbers of what Spark keeps. What other tests left may end at any time, so that
   * afterwards there may be fewer, but none that is new.
   */
  public static Set<Integer> kept() {
    return new HashSet<>(
        JavaSparkContext.fromSparkContext(session().sparkContext()).getPersistentRDDs().keySet());
  }
}
