package dev.coppice.job.frame;

import dev.coppice.core.error.UsageException;
import dev.coppice.spark.CoppiceRegistrator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/** Starts Spark as Coppice's jobs need it, however the job was submitted. */
public final class SparkSessions {
  /** Whether Kryo refuses classes that nobody registered. */
  static final String REGISTRATION_REQUIRED = "spark.kryo.registrationRequired";

  private static final String BUFFER_MAX = "spark.kryoserializer.buffer.max";

  private SparkSessions() {}

  /** What a job would like, unless the submitter says otherwise. */
  static Map<String, String> preferred(boolean terminal) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("spark.ui.showConsoleProgress", String.valueOf(terminal));
    settings.put(BUFFER_MAX, "512m");
    settings.put("spark.sql.session.timeZone", "UTC");
    settings.put("spark.log.level", "WARN");
    // Small tables are put into one partition each, so that their joins need no shuffle. Spark
    // takes
    // a join for as large as the product of its sides, and by default would shuffle the next one.
    settings.put("spark.sql.maxSinglePartitionBytes", Long.MAX_VALUE + "b");
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
   * The session that is in this JVM already and goes on after a job, such as a notebook's.
   *
   * @return empty if a job starts its own
   */
  public static Optional<SparkSession> given() {
    Option<SparkSession> active = SparkSession.getActiveSession();
    Option<SparkSession> there = active.isDefined() ? active : SparkSession.getDefaultSession();
    return there.isDefined() && !there.get().sparkContext().isStopped()
        ? Optional.of(there.get())
        : Optional.empty();
  }

  /**
   * What a session lacks that was not started for Coppice.
   *
   * @param conf of the session
   * @return a line for each setting that a job does without, and is slower for
   * @throws UsageException if jobs cannot run in it
   */
  public static List<String> missing(SparkConf conf) {
    SparkConf wanted = configure(conf.clone());
    boolean kryo = conf.get("spark.serializer", "").equals(wanted.get("spark.serializer"));
    String registrators = wanted.get("spark.kryo.registrator");
    boolean registered = conf.get("spark.kryo.registrator", "").equals(registrators);
    if (kryo && !registered && conf.getBoolean(REGISTRATION_REQUIRED, false)) {
      throw new UsageException(
          "the session that is given has "
              + REGISTRATION_REQUIRED
              + " = true and does not register Coppice's classes. Set spark.kryo.registrator = "
              + registrators
              + " where the session is started, or "
              + REGISTRATION_REQUIRED
              + " = false.");
    }
    List<String> lines = new ArrayList<>();
    if (!kryo) {
      lines.add(lacks("spark.serializer", wanted.get("spark.serializer")));
    }
    if (!registered) {
      lines.add(lacks("spark.kryo.registrator", registrators));
    }
    if (!conf.contains(BUFFER_MAX)) {
      lines.add(lacks(BUFFER_MAX, preferred(false).get(BUFFER_MAX)));
    }
    return lines;
  }

  private static String lacks(String key, String value) {
    return "the session that is given lacks "
        + key
        + " = "
        + value
        + ": jobs take longer without; it can be set where the session is started";
  }

  /**
   * Makes {@code conf} use Kryo beside registrators already there, with every class registered
   * where all classes that are sent are Spark's and Coppice's.
   */
  public static SparkConf configure(SparkConf conf) {
    // So that nothing is sent with its class name unnoticed. Table formats such as Iceberg's send
    // classes of their own, other ones in each version; Kryo writes the names of these.
    return CoppiceRegistrator.addTo(conf)
        .setIfMissing(REGISTRATION_REQUIRED, String.valueOf(!hasCatalogs(conf)));
  }

  /** Whether the submitter brought catalogs or extensions of Spark SQL. */
  private static boolean hasCatalogs(SparkConf conf) {
    return conf.contains("spark.sql.extensions")
        || conf.getAllWithPrefix("spark.sql.catalog.").length > 0;
  }
}
