package dev.coppice.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * What a training run tells: the content of its {@code metrics.json} and of its report page.
 *
 * @param run what was run
 * @param data what it read
 * @param seconds wall clock per phase ({@code load}, {@code index}, {@code train}, {@code save}),
 *     seconds, in the order of the run
 * @param sweeps the sweeps, ascending; empty where none was run
 * @param bestSweep number of the sweep whose model was kept; 0 where there was none
 * @param metrics the kept model's metrics by name, the one that matters most first; may be empty
 * @param popularity the same metrics of the popularity baseline; may be empty
 * @param model its size
 * @param rowDistribution weights per row against row degree
 * @param dimensions weights per dimension
 * @param choices settings that were chosen from the data
 * @param drift how far the model moved from the one it started from; null where that was not
 *     measured
 */
public record TrainReport(
    RunFacts run,
    DataFacts data,
    Map<String, Double> seconds,
    List<SweepFacts> sweeps,
    int bestSweep,
    Map<String, Double> metrics,
    Map<String, Double> popularity,
    ModelFacts model,
    RowDistribution rowDistribution,
    DimensionUse dimensions,
    List<ChoiceFacts> choices,
    DriftFacts drift) {

  static final String JOB = "train";

  /** A run without choices, and without an initial model to compare with. */
  public TrainReport(
      RunFacts run,
      DataFacts data,
      Map<String, Double> seconds,
      List<SweepFacts> sweeps,
      int bestSweep,
      Map<String, Double> metrics,
      Map<String, Double> popularity,
      ModelFacts model,
      RowDistribution rowDistribution,
      DimensionUse dimensions) {
    this(
        run,
        data,
        seconds,
        sweeps,
        bestSweep,
        metrics,
        popularity,
        model,
        rowDistribution,
        dimensions,
        List.of(),
        null);
  }

  /** Copies the maps and the list. */
  public TrainReport {
    seconds = Json.ordered(seconds);
    sweeps = List.copyOf(sweeps);
    choices = List.copyOf(choices);
    metrics = Json.ordered(metrics);
    popularity = Json.ordered(popularity);
  }

  /** Returns the report with what was measured beside the initial model. */
  public TrainReport withDrift(DriftFacts measured) {
    return with(choices, measured);
  }

  /** Returns the report with what was chosen from the data. */
  public TrainReport withChoices(List<ChoiceFacts> chosen) {
    return with(chosen, drift);
  }

  private TrainReport with(List<ChoiceFacts> chosen, DriftFacts measured) {
    return new TrainReport(
        run,
        data,
        seconds,
        sweeps,
        bestSweep,
        metrics,
        popularity,
        model,
        rowDistribution,
        dimensions,
        chosen,
        measured);
  }

  /** The text of {@code metrics.json}; numbers that are not finite are written as {@code null}. */
  public String toJson() {
    return Json.write(tree());
  }

  ObjectNode tree() {
    ObjectNode node = Json.object().put("job", JOB);
    run.writeTo(node);
    node.set("data", data.toJson());
    if (!choices.isEmpty()) {
      node.set("choices", Json.list(choices, ChoiceFacts::toJson));
    }
    node.set("seconds", Json.numbers(seconds));
    node.set("sweeps", Json.list(sweeps, SweepFacts::toJson));
    node.put("bestSweep", bestSweep);
    if (!metrics.isEmpty()) {
      node.set("metrics", Json.numbers(metrics));
    }
    if (!popularity.isEmpty()) {
      node.set("popularity", Json.numbers(popularity));
    }
    node.set("model", model.toJson());
    node.set("rowDistribution", rowDistribution.toJson());
    node.set("dimensions", dimensions.toJson());
    if (drift != null) {
      node.set("drift", drift.toJson());
    }
    return node;
  }
}
