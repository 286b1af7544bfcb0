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
              .config(
                  QuickSpark.conf()
                      .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                      .set("spark.kryo.classesToRegister", String.join(",", KryoClasses.names())))
              .getOrCreate();
    }
    return session;
  }
}
