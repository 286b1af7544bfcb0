package dev.coppice.data;

import org.apache.spark.sql.SparkSession;

/** One small session for all tests of a JVM, as strict as the jobs' own. */
public final class LocalSpark {
  private static SparkSession session;

  private LocalSpark() {}

  /** The session. */
  public static synchronized SparkSession session() {
    if (session == null) {
      session =
          SparkSession.builder()
              .master("local[2]")
              .appName("tests")
              .config("spark.ui.enabled", "false")
              .config("spark.driver.host", "127.0.0.1")
              .config("spark.driver.bindAddress", "127.0.0.1")
              .config("spark.sql.shuffle.partitions", "4")
              .config("spark.sql.session.timeZone", "UTC")
              // Keeps the code of the queries of earlier tests, which come back.
              .config("spark.sql.codegen.cache.maxEntries", "2000")
              .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
              .config("spark.kryo.registrationRequired", "true")
              .config("spark.kryo.classesToRegister", String.join(",", KryoClasses.names()))
              .getOrCreate();
    }
    return session;
  }
}
