package dev.coppice.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/**
 * What an evaluation tells: the content of its {@code metrics.json}. The metrics stand at the top
 * level of the file, so that a script finds {@code recall@20} without knowing anything else.
 *
 * @param run what was run
 * @param data the data evaluated on
 * @param users users that were evaluated: those with at least one relevant item
 * @param metrics the model's metrics by name ({@code recall@20}, {@code coverage@20})
 * @param popularity the same metrics of the popularity baseline; may be empty
 * @param candidates metrics among given candidates, if the data set has some
 * @param model the model's size
 * @param details what stands behind the figures; null where that was not looked at
 */
public record EvaluationReport(
    RunFacts run,
    DataFacts data,
    long users,
    Map<String, Double> metrics,
    Map<String, Double> popularity,
    CandidateScores candidates,
    ModelFacts model,
    EvaluationDetails details) {

  static final String JOB = "evaluate";

  private static final Set<String> OWN_FIELDS =
      Set.of(
          "job",
          "version",
          "spark",
          "runId",
          "configuration",
          "seed",
          "data",
          "users",
          "popularity",
          "candidates",
          "model",
          "details");

  /**
   * Copies the maps.
   *
   * @throws IllegalArgumentException if a metric bears the name of a field of the file
   */
  public EvaluationReport {
    metrics = Json.ordered(metrics);
    popularity = Json.ordered(popularity);
    for (String name : metrics.keySet()) {
      if (OWN_FIELDS.contains(name)) {
        throw new IllegalArgumentException(
            "metric name '"
                + name
                + "' is a field of metrics.json; allowed: any other name, such as recall@20.");
      }
    }
  }

  /** The text of {@code metrics.json}; numbers that are not finite are written as {@code null}. */
  public String toJson() {
    ObjectNode node = Json.object().put("job", JOB);
    run.writeTo(node);
    node.set("data", data.toJson());
    node.put("users", users);
    node.setAll(Json.numbers(metrics));
    node.set("popularity", Json.numbers(popularity));
    if (!candidates.metrics().isEmpty()) {
      node.set("candidates", candidates.toJson());
    }
    node.set("model", model.toJson());
    if (details != null) {
      node.set("details", details.toJson());
    }
    return Json.write(node);
  }
}
