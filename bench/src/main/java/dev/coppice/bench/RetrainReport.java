package dev.coppice.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes what {@link Retrain} measured.
 *
 * @param name of the data set
 * @param periods how many
 * @param heldOut share of each
 * @param seeds what the means are over
 * @param runs of each way, one a seed
 */
record RetrainReport(
    String name,
    int periods,
    double heldOut,
    List<Long> seeds,
    Map<RetrainWay, List<RetrainReport.Run>> runs) {

  /**
   * What a system reached with one seed.
   *
   * @param seconds of {@code fit} by period
   * @param all NDCG@20 on all that was held out so far, by period
   * @param own {@code own[t][p]}: NDCG@20 on what was held out of period p, after period t
   */
  record Run(double[] seconds, double[] all, double[][] own) {}

  static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  /** Mean over the periods after the first. */
  private static double ratio(double[] values, double[] base) {
    double sum = 0;
    for (int t = 1; t < values.length; t++) {
      sum += values[t] / base[t];
    }
    return sum / (values.length - 1);
  }

  /** Mean over the earlier periods of the best metric since then, less the last one. */
  static double forgetting(double[][] own) {
    int last = own.length - 1;
    double sum = 0;
    for (int p = 0; p < last; p++) {
      double best = Double.NEGATIVE_INFINITY;
      for (int t = p; t <= last; t++) {
        best = Math.max(best, own[t][p]);
      }
      sum += best - own[last][p];
    }
    return sum / last;
  }

  private static double seconds(Run run) {
    return sum(run.seconds()) - run.seconds()[0];
  }

  /** Returns the section of the results. */
  String markdown(String command, Map<String, String> facts) {
    List<List<String>> table = new ArrayList<>();
    runs.forEach(
        (way, all) -> {
          double[] sums = new double[6];
          for (int s = 0; s < all.size(); s++) {
            Run run = all.get(s);
            Run scratch = runs.get(RetrainWay.SCRATCH).get(s);
            sums[0] += seconds(run);
            sums[1] += 100 * seconds(run) / seconds(scratch);
            sums[2] += run.all()[periods - 1];
            sums[3] += 100 * ratio(run.all(), scratch.all());
            sums[4] += 100 * run.all()[periods - 1] / scratch.all()[periods - 1];
            sums[5] += forgetting(run.own());
          }
          List<String> cells = new ArrayList<>(List.of(way.title()));
          int[] decimals = {1, 0, 4, 1, 1, 4};
          for (int i = 0; i < sums.length; i++) {
            cells.add(Markdown.number(sums[i] / all.size(), decimals[i]));
          }
          table.add(cells);
        });
    return "## Retraining: "
        + name
        + "\n\n"
        + periods
        + " periods of equal counts by time, "
        + Markdown.number(100 * heldOut, 0)
        + " % of each held out; mean of seeds "
        + seeds
        + ". Seconds of `fit` summed over all periods but the first. Forgetting: mean over the"
        + " earlier periods of the best NDCG@20 on the period's held-out pairs since it was"
        + " learnt, less that at the end.\n\n    "
        + command
        + "\n\n"
        + Markdown.table(
            List.of(
                "",
                "seconds",
                "% of scratch",
                "NDCG@20 at the end",
                "% of scratch, mean",
                "% at the end",
                "forgetting"),
            table)
        + "\n"
        + Markdown.facts(facts)
        + "\n";
  }
}
