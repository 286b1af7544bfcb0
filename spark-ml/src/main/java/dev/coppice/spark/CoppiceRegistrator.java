package dev.coppice.spark;

import com.esotericsoftware.kryo.Kryo;
import dev.coppice.data.KryoClasses;
import dev.coppice.spark.als.AlsKryo;
import dev.coppice.spark.federate.FederateKryo;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoRegistrator;
import org.apache.spark.serializer.KryoSerializer;

/**
 * Registers every class that tasks, broadcasts and caches send: Coppice's own and those of Spark
 * that Spark does not register itself; {@code kryo-classes.txt} names the latter, in a fixed order,
 * because Kryo numbers classes in the order of registration.
 *
 * <p>A class that the running Spark does not have is left out: the list serves several Spark lines.
 * Driver and executors run the same Spark, so they number alike.
 */
public final class CoppiceRegistrator implements KryoRegistrator {
  private static final String LIST = "kryo-classes.txt";
  private static final String KEY = "spark.kryo.registrator";

  /** Called by Spark. */
  public CoppiceRegistrator() {}

  /**
   * Makes a configuration use Kryo, with this registrator beside those already there.
   *
   * @return {@code conf}
   */
  public static SparkConf addTo(SparkConf conf) {
    conf.set("spark.serializer", KryoSerializer.class.getName());
    String own = CoppiceRegistrator.class.getName();
    String others = conf.get(KEY, "");
    if (!others.contains(own)) {
      conf.set(KEY, others.isBlank() ? own : others + "," + own);
    }
    return conf;
  }

  @Override
  public void registerClasses(Kryo kryo) {
    Listed.CLASSES.forEach(kryo::register);
    AlsKryo.register(kryo);
    FederateKryo.register(kryo);
    ModelKryoClasses.register(kryo);
  }

  /** All names, as {@link Class#getName} gives them. */
  static List<String> names() {
    List<String> names = new ArrayList<>(KryoClasses.names());
    try (InputStream in = CoppiceRegistrator.class.getResourceAsStream(LIST);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String name = line.strip();
        if (!name.isEmpty() && !name.startsWith("#")) {
          names.add(name);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(LIST + " cannot be read", e);
    }
    return names;
  }

  /** The listed classes that are there, found once: every task of a shuffle makes Kryos anew. */
  private static final class Listed {
    static final List<Class<?>> CLASSES =
        names().stream().<Class<?>>map(CoppiceRegistrator::find).filter(Objects::nonNull).toList();
  }

  private static Class<?> find(String name) {
    try {
      return Class.forName(name, false, CoppiceRegistrator.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      if (name.contains("dev.coppice")) {
        throw new IllegalStateException(LIST + " names " + name + ", which does not exist", e);
      }
      return null;
    }
  }
}
