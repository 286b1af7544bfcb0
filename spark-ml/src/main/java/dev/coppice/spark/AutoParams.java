package dev.coppice.spark;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.AutoObjective;
import dev.coppice.core.als.InteractionCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses what was left to the data.
 *
 * @param stage a copy with all Params set
 * @param choices what was chosen
 */
record AutoParams<E extends LatentEstimator<?, ?>>(E stage, List<Choice> choices) {
  private static final Logger LOG = LoggerFactory.getLogger(AutoParams.class);

  /** Fills a stage for checks before there are data. */
  static <E extends LatentEstimator<?, ?>> E provisional(E stage) {
    return of(stage, InteractionCounts.NONE).stage();
  }

  /**
   * Fills a stage.
   *
   * @param training is counted only if something is left to it: {@code user}, {@code item}
   */
  static <E extends LatentEstimator<?, ?>> AutoParams<E> of(
      E stage, Supplier<Dataset<Row>> training) {
    return counted(stage, () -> counts(training.get()));
  }

  /**
   * Fills a stage.
   *
   * @param training is asked only if something is left to it
   */
  static <E extends LatentEstimator<?, ?>> AutoParams<E> counted(
      E stage, Supplier<InteractionCounts> training) {
    AutoParams<E> filled =
        of(stage, stage.dependsOnCounts() ? training.get() : InteractionCounts.NONE);
    filled.choices().forEach(choice -> LOG.info("{}", choice));
    return filled;
  }

  /** Fills what the objective needs as a model has it whose scores are to be kept. */
  // A copy has the type of the original.
  @SuppressWarnings("unchecked")
  static <E extends LatentEstimator<?, ?>> AutoParams<E> as(E stage, AlsObjective earlier) {
    Filling<E> filling = new Filling<>((E) stage.copy(new ParamMap()));
    if (stage.weighsUnobserved()) {
      String reason = "the initial model has it";
      filling.choose(stage.unobservedWeight, earlier.unobservedWeight(), reason);
      filling.choose(stage.userDebias, earlier.userDebias(), reason);
      filling.choose(stage.itemDebias, earlier.itemDebias(), reason);
    }
    AutoParams<E> rest = of(filling.stage, InteractionCounts.NONE);
    filling.choices.addAll(rest.choices());
    return new AutoParams<>(rest.stage(), List.copyOf(filling.choices));
  }

  /** Fills a stage. */
  // A copy has the type of the original.
  @SuppressWarnings("unchecked")
  static <E extends LatentEstimator<?, ?>> AutoParams<E> of(E stage, InteractionCounts counts) {
    Filling<E> filling = new Filling<>((E) stage.copy(new ParamMap()));
    if (stage.weighsUnobserved()) {
      filling.choose(
          stage.unobservedWeight,
          AutoObjective.unobservedWeight(counts),
          "there are %,d users and %,d items",
          counts.users(),
          counts.items());
      filling.choose(stage.userDebias, AutoObjective.userDebias(), "it suits most data");
      filling.choose(
          stage.itemDebias,
          AutoObjective.itemDebias(counts),
          "the %d most popular items hold %.1f %% of the interactions",
          InteractionCounts.POPULAR,
          100 * counts.popularShare());
    } else {
      filling.leave(stage.unobservedWeight);
      filling.leave(stage.userDebias);
      filling.leave(stage.itemDebias);
    }
    filling.choices.addAll(filling.stage.fitInto(counts));
    return new AutoParams<>(filling.stage, List.copyOf(filling.choices));
  }

  private static final class Filling<E extends LatentEstimator<?, ?>> {
    private final E stage;
    private final List<Choice> choices = new ArrayList<>();

    Filling(E stage) {
      this.stage = stage;
    }

    void choose(DoubleParam param, double value, String reason, Object... numbers) {
      if (!stage.isSet(param)) {
        stage.put(param, value);
        choices.add(
            new Choice(
                param.name(), String.valueOf(value), String.format(Locale.ROOT, reason, numbers)));
      }
    }

    /** Nothing is chosen where the objective has no use for it. */
    void leave(DoubleParam param) {
      if (!stage.isSet(param)) {
        stage.put(param, 0.0);
      }
    }
  }

  /** Counts the rows of a Dataset. */
  static InteractionCounts counts(Dataset<Row> training) {
    Dataset<Row> degrees =
        degrees(training, InteractionColumns.USER)
            .withColumn("side", functions.lit(InteractionColumns.USER))
            .union(
                degrees(training, InteractionColumns.ITEM)
                    .withColumn("side", functions.lit(InteractionColumns.ITEM)));
    List<InteractionCounts.Degrees> users = new ArrayList<>();
    List<InteractionCounts.Degrees> items = new ArrayList<>();
    for (Row row : degrees.collectAsList()) {
      (row.getString(2).equals(InteractionColumns.USER) ? users : items)
          .add(new InteractionCounts.Degrees(row.getLong(0), row.getLong(1)));
    }
    return InteractionCounts.of(users, items);
  }

  /** Returns how many ids have a number of rows: {@code degree}, {@code rows}. */
  private static Dataset<Row> degrees(Dataset<Row> training, String id) {
    Column one = functions.count(functions.lit(1));
    return training
        .groupBy(id)
        .agg(one.as("degree"))
        .groupBy("degree")
        .agg(one.as("rows"))
        .select("degree", "rows");
  }
}
