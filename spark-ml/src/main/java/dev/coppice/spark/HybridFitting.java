package dev.coppice.spark;

import dev.coppice.core.eval.MetricKey;
import dev.coppice.spark.als.TrainedTables;
import dev.coppice.spark.eval.RankingEvaluation;
import dev.coppice.spark.rank.ScoringSettings;
import dev.coppice.spark.rank.ScoringTables;
import dev.coppice.spark.table.RowTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts latent rows and neighbours together, at the scale that suits the validation part. */
final class HybridFitting {
  private static final Logger LOG = LoggerFactory.getLogger(HybridFitting.class);

  private final ScoringSettings scoring;
  private final Dataset<Row> training;
  private final Dataset<Row> heldOut;
  private final MetricKey metric;

  /**
   * Prepares the choice.
   *
   * @param scoring how lists are made
   * @param training the training interactions: {@code user}, {@code item}
   * @param heldOut the validation part in the same form; null for none
   * @param metric what is looked at
   */
  HybridFitting(
      ScoringSettings scoring, Dataset<Row> training, Dataset<Row> heldOut, MetricKey metric) {
    this.scoring = scoring;
    this.training = training;
    this.heldOut = heldOut;
    this.metric = metric;
  }

  /**
   * A hybrid's tables.
   *
   * @param users latent rows and histories
   * @param items latent rows and neighbours
   * @param scale what the neighbours' weights were multiplied with
   * @param metrics of the validation part; empty without one
   */
  record Hybrid(
      Dataset<Row> users, Dataset<Row> items, double scale, Map<String, Double> metrics) {}

  /**
   * Makes the tables.
   *
   * @param latent stays the caller's
   * @param neighbours stay the caller's
   * @param told the scale; without a validation part it stands in any case
   */
  Hybrid of(TrainedTables latent, LinkedTables neighbours, AlsConfig.Neighbours told) {
    Dataset<Row> users = neighbours.userRows(latent.users());
    Dataset<Row> items = neighbours.itemRows(latent.items());
    Map<Double, Map<String, Double>> metrics = new HashMap<>();
    try {
      double scale = told.scale();
      if (heldOut != null) {
        items.persist(neighbours.storage());
        Function<Double, Map<String, Double>> measured =
            tried -> measured(users, LinkedTables.scaled(items, tried), tried);
        if (!told.fixed()) {
          scale =
              ScaleSearch.best(
                  scale, tried -> metrics.computeIfAbsent(tried, measured).get(metric.format()));
        }
        metrics.computeIfAbsent(scale, measured);
      }
      return new Hybrid(
          users,
          neighbours.stored(LinkedTables.scaled(items, scale)),
          scale,
          metrics.getOrDefault(scale, Map.of()));
    } catch (Exception e) {
      // Spark throws checked exceptions without declaring them.
      users.unpersist();
      throw e;
    } finally {
      items.unpersist();
    }
  }

  private Map<String, Double> measured(Dataset<Row> users, Dataset<Row> items, double scale) {
    ScoringTables tables =
        new ScoringTables(
            new RowTable("userRows", users),
            new RowTable("itemRows", items),
            InteractionColumns.USER,
            InteractionColumns.ITEM,
            scoring);
    Map<String, Double> found = new TreeMap<>();
    RankingEvaluation.evaluate(tables, training, heldOut, List.of(metric), false)
        .model()
        .metrics()
        .forEach((key, value) -> found.put(key.format(), value));
    LOG.info("neighbourScale {}: {}", scale, found);
    return found;
  }
}
