package dev.coppice.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * What was run.
 *
 * @param version Coppice's version
 * @param spark Spark's version
 * @param runId the run's id: a second run under the same id is the same run
 * @param seed the seed every draw is keyed by
 * @param configuration the full resolved configuration in its own order; numbers, text, booleans,
 *     lists and nested maps stay what they are, other values are kept as their {@code toString()}
 */
public record RunFacts(
    String version, String spark, String runId, long seed, Map<String, Object> configuration) {

  /** Copies the configuration. */
  public RunFacts {
    configuration = Json.settings(configuration);
  }

  void writeTo(ObjectNode node) {
    node.put("version", version).put("spark", spark).put("runId", runId);
    node.set("configuration", Json.tree(configuration));
    node.put("seed", seed);
  }
}
