package dev.coppice.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * One sweep: a pass over both sides and the exploration that followed it.
 *
 * @param sweep its number, from 1
 * @param seconds wall clock, seconds
 * @param loss the objective after the sweep; NaN where it was not measured
 * @param updateRatio share of the stored weights that the exploration was to prune and regrow, 0 to
 *     1; 0 where there was no exploration
 * @param userMoved user weights pruned (and as many regrown)
 * @param itemMoved item weights pruned (and as many regrown)
 * @param metrics validation metrics by name ({@code recall@20}); empty where none was measured
 */
public record SweepFacts(
    int sweep,
    double seconds,
    double loss,
    double updateRatio,
    long userMoved,
    long itemMoved,
    Map<String, Double> metrics) {

  /** Copies the metrics. */
  public SweepFacts {
    metrics = Json.ordered(metrics);
  }

  ObjectNode toJson() {
    ObjectNode node = Json.object().put("sweep", sweep);
    node.set("seconds", Json.number(seconds));
    node.set("loss", Json.number(loss));
    node.set("updateRatio", Json.number(updateRatio));
    node.put("userMoved", userMoved).put("itemMoved", itemMoved);
    node.set("metrics", Json.numbers(metrics));
    return node;
  }
}
