package dev.coppice.spark.eval;

import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.eval.Spread;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What stands behind the means of an evaluation: how far they may move, and for whom and for which
 * items they are good.
 *
 * @param model means of each metric in resamples of the users
 * @param popularity those of the popularity baseline; empty if it was not asked for
 * @param activity users by the number of their training items that the model knows, fewest first
 * @param groups users by group, those of most users first; empty without groups
 * @param items items by popularity, the most popular first
 */
public record EvaluationBreakdown(
    Map<MetricKey, double[]> model,
    Map<MetricKey, double[]> popularity,
    List<UserSlice> activity,
    List<UserSlice> groups,
    List<ItemSlice> items) {

  /** The largest groups that are told apart. */
  public static final int MOST_GROUPS = 50;

  /**
   * What is asked for.
   *
   * @param seed of the resampling
   * @param resamples how many; 0 for none
   * @param groups one row a user: the model's user column, and the group's name in a column of
   *     strings called group; null for none. Users without a name, or of none of the {@value
   *     #MOST_GROUPS} largest groups, are in no group
   */
  public record Request(long seed, int resamples, Dataset<Row> groups) {}

  /**
   * Some of the users.
   *
   * @param name such as {@code 8-15}, or the group's
   * @param users how many were evaluated
   * @param model means of the metrics
   * @param popularity those of the baseline; empty if it was not asked for
   */
  public record UserSlice(
      String name, long users, Map<MetricKey, Double> model, Map<MetricKey, Double> popularity) {}

  /**
   * Some of the items: a third each of all training interactions is with the head, the middle and
   * the tail, so these hold ever more items.
   *
   * @param name head, middle or tail
   * @param items how many
   * @param least training interactions of the least popular of them
   * @param most those of the most popular
   * @param wanted test pairs with these items
   * @param found those that are in the lists of the longest cut-off
   * @param popularityFound those that are in the lists of the baseline
   * @param places of these lists that these items take
   * @param popularityPlaces likewise of the baseline's
   */
  public record ItemSlice(
      String name,
      long items,
      long least,
      long most,
      long wanted,
      long found,
      long popularityFound,
      long places,
      long popularityPlaces) {}

  /** How far a metric of the model may move with other users. */
  public Spread spread(MetricKey key) {
    return Spread.of(model.get(key));
  }
}
