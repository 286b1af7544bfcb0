package dev.coppice.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Metrics among the candidates that a data set gives for its test pairs.
 *
 * @param metrics the model's metrics by name; empty if there are no candidates
 * @param popularity the same metrics of the popularity baseline; may be empty
 */
public record CandidateScores(Map<String, Double> metrics, Map<String, Double> popularity) {
  /** Of a data set without candidates. */
  public static final CandidateScores NONE = new CandidateScores(Map.of(), Map.of());

  private static final String POPULARITY = "popularity";

  /** Copies the maps. */
  public CandidateScores {
    metrics = Json.ordered(metrics);
    popularity = Json.ordered(popularity);
  }

  ObjectNode toJson() {
    ObjectNode node = Json.numbers(metrics);
    node.set(POPULARITY, Json.numbers(popularity));
    return node;
  }
}
