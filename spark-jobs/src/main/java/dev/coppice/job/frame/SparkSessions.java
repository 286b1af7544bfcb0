package dev.coppice.job.frame;

import dev.coppice.spark.CoppiceRegistrator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Starts Spark as Coppice's jobs need it, however the job was submitted. */
public final class SparkSessions {
  /** Whether Kryo refuses classes that nobody registered. */
  static final String REGISTRATION_REQUIRED = "spark.kryo.registrationRequired";

  private SparkSessions() {}

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
  public static SparkSession start(String name, boolean terminal) {
    SparkConf conf = new SparkConf();
    conf.setIfMissing("spark.app.name", name);
    conf.setIfMissing("spark.master", "local[*]");
    preferred(terminal).forEach(conf::setIfMissing);
    configure(conf);
    return SparkSession.builder().config(conf).getOrCreate();
  }

  /**
   * Makes {@code conf} use Kryo, with every class registered, beside registrators already there.
   */
  public static SparkConf configure(SparkConf conf) {
    // So that nothing is sent with its class name unnoticed. Table formats such as Iceberg send
    // classes of their own, which the submitter may let through.
    return CoppiceRegistrator.addTo(conf).setIfMissing(REGISTRATION_REQUIRED, "true");
  }
}
