package dev.coppice.spark.job;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Starts Spark as Coppice's jobs need it, however the job was submitted. */
public final class SparkSessions {
  /** Whether Kryo refuses classes that nobody registered. */
  static final String REGISTRATION_REQUIRED = "spark.kryo.registrationRequired";

  private SparkSessions() {}

  /** What a job needs, whatever the submitter says: Kryo, with Coppice's classes registered. */
  public static Map<String, String> required() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("spark.serializer", "org.apache.spark.serializer.KryoSerializer");
    return settings;
  }

  /** What a job would like, unless the submitter says otherwise. */
  static Map<String, String> preferred(boolean terminal) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("spark.ui.showConsoleProgress", String.valueOf(terminal));
    settings.put("spark.kryoserializer.buffer.max", "512m");
    settings.put("spark.sql.session.timeZone", "UTC");
    settings.put("spark.log.level", "WARN");
    return settings;
  }

  /**
   * Starts the session of a job.
   *
   * @param terminal whether Spark may draw its progress bar
   */
  static SparkSession start(String name, boolean terminal) {
    SparkConf conf = new SparkConf();
    conf.setIfMissing("spark.app.name", name);
    conf.setIfMissing("spark.master", "local[*]");
    preferred(terminal).forEach(conf::setIfMissing);
    configure(conf);
    return SparkSession.builder().config(conf).getOrCreate();
  }

  /** Puts the {@link #required} settings into {@code conf}, beside registrators already there. */
  public static SparkConf configure(SparkConf conf) {
    required().forEach(conf::set);
    // So that nothing is sent with its class name unnoticed. Table formats such as Iceberg send
    // classes of their own, which the submitter may let through.
    conf.setIfMissing(REGISTRATION_REQUIRED, "true");
    String own = CoppiceKryoRegistrator.class.getName();
    String others = conf.get("spark.kryo.registrator", "");
    if (!others.contains(own)) {
      conf.set("spark.kryo.registrator", others.isBlank() ? own : others + "," + own);
    }
    return conf;
  }
}
