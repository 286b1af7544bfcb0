package dev.coppice.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a reader should not miss, said in a sentence each. */
final class Remarks {
  /** One dimension in so many may be unused without a remark. */
  private static final int FEW = 20;

  private Remarks() {}

  static List<String> of(TrainReport report) {
    List<String> remarks = new ArrayList<>();
    sweeps(report, remarks);
    remarks.addAll(quality(report.metrics(), report.popularity()));
    model(report, remarks);
    return remarks;
  }

  private static void sweeps(TrainReport report, List<String> remarks) {
    if (report.sweeps().isEmpty()) {
      remarks.add("No sweep was run: the tables hold their start weights.");
      return;
    }
    for (SweepFacts sweep : report.sweeps()) {
      if (Double.isInfinite(sweep.loss())) {
        remarks.add(
            "The loss was infinite in sweep "
                + sweep.sweep()
                + ": training diverged. A larger regParam keeps the weights small.");
        break;
      }
    }
    SweepFacts last = report.sweeps().get(report.sweeps().size() - 1);
    if (report.sweeps().size() > 1
        && !last.metrics().isEmpty()
        && report.bestSweep() == last.sweep()) {
      remarks.add("The best sweep is the last one: more sweeps (maxIter) may still help.");
    }
  }

  /** Which metrics of a model are no better than those of the most popular items. */
  static List<String> quality(Map<String, Double> metrics, Map<String, Double> popularity) {
    List<String> poor = new ArrayList<>();
    metrics.forEach(
        (name, value) -> {
          double baseline = popularity.getOrDefault(name, Double.NaN);
          if (AccuracyMetrics.contain(name) && value <= baseline) {
            poor.add(name);
          }
        });
    return poor.isEmpty()
        ? List.of()
        : List.of(
            "No better than recommending the most popular items: " + String.join(", ", poor) + ".");
  }

  private static void model(TrainReport report, List<String> remarks) {
    ModelFacts model = report.model();
    if (model.weights() != model.budget()) {
      remarks.add(
          "The tables hold "
              + People.many(model.weights(), "weight")
              + "; the budget is "
              + People.count(model.budget())
              + ".");
    }
    unused("user", report.dimensions().users(), remarks);
    unused("item", report.dimensions().items(), remarks);
  }

  private static void unused(String side, List<Long> counts, List<String> remarks) {
    long unused = counts.stream().filter(count -> count == 0).count();
    // A few are empty after every choice of positions by the data, and nothing follows from them.
    if (unused * FEW >= counts.size() && unused > 0 && unused < counts.size()) {
      remarks.add(
          People.many(unused, "dimension")
              + " of "
              + People.count(counts.size())
              + (unused == 1 ? " holds no " : " hold no ")
              + side
              + " weight: a smaller rank would lose nothing there.");
    }
  }
}
