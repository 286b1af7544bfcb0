package dev.coppice.spark;

import dev.coppice.core.eval.MetricKey;
import dev.coppice.spark.als.TrainedTables;
import dev.coppice.spark.als.TrainingListener;
import dev.coppice.spark.eval.EvaluationResult;
import dev.coppice.spark.eval.RankingEvaluation;
import dev.coppice.spark.held.HeldRows;
import dev.coppice.spark.rank.ScoringTables;
import dev.coppice.spark.table.RowTable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a model of its parts: which of them, and at which scale, the validation part decides. */
final class PartsFitting {
  private static final Logger LOG = LoggerFactory.getLogger(PartsFitting.class);

  /** What the neighbours' weights are multiplied with where nothing says better. */
  private static final double USUAL_SCALE = 4;

  private final AlsConfig config;
  private final MetricKey metric;
  private final Dataset<Row> training;
  private final Dataset<Row> heldOut;
  private final TrainedTables latent;
  private final LinkedTables neighbours;
  private final LinkedTables alone;
  private final TrainingListener listener;
  private final List<Choice> choices = new ArrayList<>();
  private Map<String, Double> popularity;

  /**
   * Prepares the choice.
   *
   * @param training the training interactions: {@code user}, {@code item}
   * @param heldOut the validation part in the same form; null for none
   * @param latent stays the caller's; null for neighbours alone
   * @param neighbours stay the caller's
   * @param alone those of a model without latent rows, if they are others; or null
   * @param listener is told what is tried
   */
  PartsFitting(
      AlsConfig config,
      Dataset<Row> training,
      Dataset<Row> heldOut,
      TrainedTables latent,
      LinkedTables neighbours,
      LinkedTables alone,
      TrainingListener listener) {
    this.listener = listener;
    this.config = config;
    this.metric = config.spec().metrics().get(0);
    this.training = training;
    this.heldOut = heldOut;
    this.latent = latent;
    this.neighbours = neighbours;
    this.alone = alone == null ? neighbours : alone;
    popularity = latent == null ? Map.of() : latent.summary().popularity();
  }

  /**
   * A model's tables.
   *
   * @param family which parts it has
   * @param users null for latent rows alone
   * @param items null for latent rows alone
   * @param metrics of the validation part; empty without one
   * @param popularity those of the popularity baseline; empty where they were not measured
   * @param choices what was chosen
   */
  record Fitted(
      Family family,
      Dataset<Row> users,
      Dataset<Row> items,
      Map<String, Double> metrics,
      Map<String, Double> popularity,
      List<Choice> choices) {}

  /** Makes the tables. */
  Fitted of(AlsConfig.Neighbours told) {
    return switch (told.family()) {
      case ITEMS -> alone();
      case HYBRID -> hybrid(told);
      case AUTO -> best(told);
      case LATENT -> throw new IllegalArgumentException("there is nothing to put together");
    };
  }

  private Fitted fitted(
      Family family, Dataset<Row> users, Dataset<Row> items, Map<String, Double> metrics) {
    return new Fitted(family, users, items, metrics, popularity, List.copyOf(choices));
  }

  private Fitted alone() {
    Dataset<Row> users = alone.userRows();
    Dataset<Row> items = null;
    try {
      items = alone.itemRows();
      return fitted(
          Family.ITEMS,
          users,
          items,
          heldOut == null
              ? Map.of()
              : measured("neighbours alone", users, new RowTable("itemRows", items)));
    } catch (Exception e) {
      // Spark throws checked exceptions without declaring them.
      HeldRows.release(users);
      if (items != null) {
        HeldRows.release(items);
      }
      throw e;
    }
  }

  private Fitted hybrid(AlsConfig.Neighbours told) {
    Dataset<Row> users = neighbours.userRows(latent.users());
    Dataset<Row> plain = neighbours.itemRows(latent.items());
    // Scaled once where nothing is measured.
    Dataset<Row> items = heldOut == null ? plain : HeldRows.of(plain, neighbours.storage());
    Map<Double, Map<String, Double>> metrics = new HashMap<>();
    // Of the same size whatever the scale.
    RowTable counted = new RowTable("itemRows", items);
    try {
      double scale = told.scale().orElse(USUAL_SCALE);
      Map<String, Double> found = Map.of();
      if (heldOut != null) {
        DoubleFunction<Map<String, Double>> measure =
            tried ->
                metrics.computeIfAbsent(
                    tried,
                    at ->
                        measured(
                            "scale " + at,
                            users,
                            new RowTable("itemRows", LinkedTables.scaled(items, at))
                                .withSize(counted.size())));
        if (told.scale().isEmpty()) {
          scale = ScaleSearch.best(scale, tried -> measure.apply(tried).get(metric.format()));
        }
        found = measure.apply(scale);
      }
      if (told.scale().isEmpty()) {
        choices.add(
            new Choice(
                NeighbourKeys.NEIGHBOUR_SCALE.name(),
                String.valueOf(scale),
                heldOut == null
                    ? "it suits most data, and there is no validation part"
                    : "none of "
                        + metrics.size()
                        + " that were tried is 1 % better on the validation part"));
      }
      return fitted(
          Family.HYBRID, users, neighbours.stored(LinkedTables.scaled(items, scale)), found);
    } catch (Exception e) {
      // Spark throws checked exceptions without declaring them.
      HeldRows.release(users);
      throw e;
    } finally {
      HeldRows.release(items);
    }
  }

  /** Of equally good ones, the one with fewer parts. */
  private Fitted best(AlsConfig.Neighbours told) {
    if (heldOut == null) {
      choices.add(
          new Choice(
              NeighbourKeys.FAMILY.name(),
              Family.HYBRID.word(),
              "it suits most data, and there is no validation part"));
      return hybrid(told);
    }
    Map<Family, Fitted> tried = new EnumMap<>(Family.class);
    Fitted best = null;
    try {
      tried.put(Family.LATENT, fitted(Family.LATENT, null, null, latent.summary().metrics()));
      tried.put(Family.ITEMS, alone());
      tried.put(Family.HYBRID, hybrid(told));
      Family chosen = Family.LATENT;
      for (Family family : tried.keySet()) {
        if (quality(tried.get(family)) > quality(tried.get(chosen))) {
          chosen = family;
        }
      }
      Fitted found = tried.get(chosen);
      if (chosen != Family.HYBRID) {
        choices.clear();
      }
      choices.add(new Choice(NeighbourKeys.FAMILY.name(), chosen.word(), reason(tried)));
      best = fitted(chosen, found.users(), found.items(), found.metrics());
      return best;
    } finally {
      for (Fitted each : tried.values()) {
        if (each.users() != null && (best == null || each.users() != best.users())) {
          HeldRows.release(each.users());
          HeldRows.release(each.items());
        }
      }
    }
  }

  private double quality(Fitted fitted) {
    return fitted.metrics().get(metric.format());
  }

  private String reason(Map<Family, Fitted> tried) {
    StringBuilder text = new StringBuilder(metric.format() + " on the validation part is");
    String between = " ";
    for (Map.Entry<Family, Fitted> each : tried.entrySet()) {
      text.append(between)
          .append(each.getKey().word())
          .append(String.format(Locale.ROOT, " %.4f", quality(each.getValue())));
      between = ", ";
    }
    return text.toString();
  }

  private Map<String, Double> measured(String what, Dataset<Row> users, RowTable items) {
    ScoringTables tables =
        new ScoringTables(
            new RowTable("userRows", users),
            items,
            InteractionColumns.USER,
            InteractionColumns.ITEM,
            config
                .scoring()
                .sized(
                    neighbours.summary().users(),
                    neighbours.summary().items(),
                    neighbours.summary().interactions()));
    boolean baseline = latent == null && popularity.isEmpty();
    EvaluationResult result =
        RankingEvaluation.evaluate(tables, training, heldOut, List.of(metric), baseline);
    Map<String, Double> found = MetricKey.byName(result.model().metrics());
    if (baseline) {
      popularity = MetricKey.byName(result.popularity().metrics());
    }
    LOG.info("{}: {}", what, MetricKey.inWords(found));
    listener.tried(what, found);
    return found;
  }
}
