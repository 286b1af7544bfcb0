package dev.coppice.publish;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.config.Range;
import dev.coppice.core.error.UsageException;
import dev.coppice.core.eval.MetricKey;

/** Keys of publishing, for {@code train}, {@code publish} and every other job that does it. */
public final class PublishKeys {
  /** The registry. */
  public static final ConfigKey<String> REGISTRY =
      ConfigKey.path("registry")
          .withDoc(
              "registry to publish the model in, behind the gate; then model is not used. The model"
                  + " goes to registry/models/RUNID");

  /** What the gate compares. */
  public static final ConfigKey<String> GATE_METRIC =
      ConfigKey.text("gateMetric")
          .withDefault("ndcg@20")
          .withDoc(
              "what the new and the published model are compared by, both measured now on the"
                  + " validation part, such as ndcg@20 or recall@50");

  /** How much worse is too much. */
  public static final ConfigKey<Double> MAX_REGRESSION =
      ConfigKey.number("maxRegression", Range.of(0, 1))
          .withDefault(0.02)
          .withDoc(
              "how far the new model's gateMetric may lie below the published model's, as a share"
                  + " of it; further down nothing is published and the job ends with 4; 1 publishes"
                  + " without a comparison");

  /** How many models stay. */
  public static final ConfigKey<Integer> KEEP_MODELS =
      ConfigKey.integer("keepModels", 1, 10_000)
          .withDefault(5)
          .withDoc(
              "published models that stay in the registry, the newest first; the published one and"
                  + " the one before always stay");

  private PublishKeys() {}

  /** All of them. */
  public static ConfigSchema schema() {
    return ConfigSchema.of(REGISTRY, GATE_METRIC, MAX_REGRESSION, KEEP_MODELS);
  }

  /** Whether the gate lets everything pass. */
  public static boolean isOpen(ConfigValues values) {
    return values.get(MAX_REGRESSION) == 1;
  }

  /**
   * The gate that is configured.
   *
   * @throws UsageException if there is no such metric
   */
  public static RegressionGate gate(ConfigValues values) {
    try {
      return new RegressionGate(
          MetricKey.parse(values.get(GATE_METRIC)), values.get(MAX_REGRESSION));
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "gateMetric = \""
              + values.get(GATE_METRIC)
              + "\" is not allowed: "
              + e.getMessage()
              + ". Change it.",
          e);
    }
  }
}
