package dev.coppice.bench;

import dev.coppice.spark.CoppiceRegistrator;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Starts Spark for a measurement, and resolves the paths given on the command line. */
final class Sessions {
  private Sessions() {}

  /**
   * Starts Spark with what Coppice's jobs prefer and with its registrator, but unlike them does not
   * require that all classes be registered: MLlib's are not. Both systems use Kryo.
   */
  static SparkSession start(String name) {
    SparkConf conf = new SparkConf();
    conf.setIfMissing("spark.app.name", name);
    conf.setIfMissing("spark.master", "local[2]");
    conf.setIfMissing("spark.kryoserializer.buffer.max", "512m");
    conf.setIfMissing("spark.sql.session.timeZone", "UTC");
    conf.setIfMissing("spark.ui.enabled", "false");
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    conf.setIfMissing("spark.log.level", "ERROR");
    CoppiceRegistrator.addTo(conf);
    conf.set("spark.kryo.registrationRequired", "false");
    return SparkSession.builder().config(conf).getOrCreate();
  }

  /** Returns the path as the caller meant it: a relative one starts where the command was given. */
  static Path resolve(Path path) {
    String caller = System.getenv("COPPICE_CALLER_DIR");
    return caller == null ? path.toAbsolutePath() : Path.of(caller).resolve(path).normalize();
  }
}
