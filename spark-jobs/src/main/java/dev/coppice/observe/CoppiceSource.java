package dev.coppice.observe;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkEnv;
import org.apache.spark.metrics.source.Source;

/**
 * Gauges of the running job in Spark's own metrics system, so that every sink that is configured
 * there (Prometheus, JMX, Graphite, CSV) shows them: source {@code coppice} of the driver.
 *
 * <p>{@link Source} is private to Spark in Scala and public in the class file; it has been the same
 * from Spark 2 on. It is implemented here, not copied, and nothing is put into Spark's packages.
 */
public final class CoppiceSource implements Source, EventListener {
  /** Names of the gauges that are there from the beginning. */
  static final String SWEEP = "sweep";

  private static final Set<Event.Type> FIGURES =
      EnumSet.of(Event.Type.PLAN, Event.Type.SWEEP, Event.Type.TRAINED);

  private final MetricRegistry registry = new MetricRegistry();
  private final Map<String, Double> values = new ConcurrentHashMap<>();

  private CoppiceSource() {
    set(SWEEP, 0);
  }

  /** Registers a source with the running Spark application. */
  public static CoppiceSource register() {
    CoppiceSource source = new CoppiceSource();
    SparkEnv.get().metricsSystem().registerSource(source);
    return source;
  }

  @Override
  public String sourceName() {
    return "coppice";
  }

  @Override
  public MetricRegistry metricRegistry() {
    return registry;
  }

  @Override
  public void on(Event event) {
    event
        .fields()
        .forEach(
            (name, value) -> {
              boolean figures = FIGURES.contains(event.type());
              if (figures && value instanceof Number number) {
                set(name, number.doubleValue());
              } else if (figures && name.equals("metrics") && value instanceof Map<?, ?> metrics) {
                metrics.forEach(
                    (metric, of) -> set("validation." + metric, ((Number) of).doubleValue()));
              }
            });
  }

  private void set(String name, double value) {
    String key = name.replace('@', '_');
    if (values.put(key, value) == null) {
      Gauge<Double> gauge = () -> values.get(key);
      registry.register(key, gauge);
    }
  }

  @Override
  public void close() {
    SparkEnv env = SparkEnv.get();
    if (env != null) {
      env.metricsSystem().removeSource(this);
    }
  }
}
