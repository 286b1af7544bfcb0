package dev.coppice.job.frame;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.LatentKeys;
import dev.coppice.spark.table.ModelInfo;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Says when a model is no better than the list of the most popular items, and which setting most
 * likely heals that.
 */
public final class BelowPopularity {
  private BelowPopularity() {}

  /**
   * Compares the two.
   *
   * @param metrics of the model by name, such as {@code ndcg@20}
   * @param popularity of the baseline
   * @return a line, or nothing if the model is better or there is nothing to compare
   */
  public static Optional<String> warning(
      DynamicSparseALSModel model, Map<String, Double> metrics, Map<String, Double> popularity) {
    return metrics.keySet().stream()
        .filter(popularity::containsKey)
        .filter(name -> name.startsWith("ndcg@") || name.startsWith("recall@"))
        .filter(name -> metrics.get(name) <= popularity.get(name))
        .findFirst()
        .map(
            name ->
                String.format(
                    Locale.ROOT,
                    "warning: the model is no better than popularity: %s is %.4f, that of the most"
                        + " popular items %.4f. %s",
                    name,
                    metrics.get(name),
                    popularity.get(name),
                    remedy(
                        model.info(),
                        model.userTable().size().rows(),
                        model.itemTable().size().rows(),
                        model.itemTable().hasLinks())));
  }

  /** Returns what to try first, a sentence. */
  static String remedy(ModelInfo info, long users, long items, boolean neighbours) {
    AlsObjective objective = info.objective();
    double usual = LatentKeys.usualUnobservedWeight(users, items);
    boolean latent = info.userBudget() > 0;
    if (objective.feedback() == AlsObjective.Feedback.EXPLICIT) {
      return "It predicts ratings; to rank what users take, train with implicitPrefs = true.";
    }
    if (latent
        && objective.feedback() == AlsObjective.Feedback.IMPLICIT
        && objective.unobservedWeight() < usual / 2) {
      return String.format(
          Locale.ROOT,
          "unobservedWeight is %s; for %,d users and %,d items try %.2g.",
          objective.unobservedWeight(),
          users,
          items,
          usual);
    }
    if (!neighbours) {
      return "Try family = auto or items: neighbours suit thin data.";
    }
    return latent && !objective.itemBias()
        ? "Try itemBias = true, so that the rows need not learn what is popular."
        : "Try a smaller neighbourReg, and check that the interactions are those to learn from.";
  }
}
