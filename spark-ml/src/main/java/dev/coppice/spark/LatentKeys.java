package dev.coppice.spark;

import dev.coppice.core.als.AutoObjective;
import dev.coppice.core.als.InteractionCounts;
import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.Range;
import dev.coppice.core.table.SparseTable;

/** What estimators of latent rows can be told of their training, each setting declared once. */
public final class LatentKeys {
  public static final ConfigKey<Integer> RANK =
      ConfigKey.integer("rank", 1, SparseTable.MAX_RANK)
          .withDefault(256)
          .withDoc("width of an embedding row, in dimensions, stored or not");

  public static final ConfigKey<Double> DENSITY =
      ConfigKey.number("density", Range.above(0, 1))
          .withDefault(0.05)
          .withDoc(
              "stored weights of a table as a share of rank * rows, fixed for the whole run; 1"
                  + " trains a dense model");

  public static final ConfigKey<Integer> MAX_ITER =
      ConfigKey.integer("maxIter", 1, Integer.MAX_VALUE)
          .withDefault(10)
          .withDoc("sweeps at most: passes over both sides");

  public static final ConfigKey<Double> REG_PARAM =
      ConfigKey.number("regParam", Range.atLeast(0))
          .withDefault(0.008)
          .withDoc("L2 strength lambda");

  public static final ConfigKey<Double> REG_EXPONENT =
      ConfigKey.number("regExponent", Range.of(0, 2))
          .withDefault(1.0)
          .withDoc(
              "exponent nu of a row's observations in its L2 strength; 0 gives every row the same");

  public static final ConfigKey<Double> UNOBSERVED_WEIGHT =
      ConfigKey.number("unobservedWeight", Range.atLeast(0))
          .asAuto()
          .withDoc(
              "weight alpha_0 in the loss of every pair that was not observed (implicit feedback);"
                  + " auto: 400 / sqrt(users * items), at most 1");

  public static final ConfigKey<Double> USER_DEBIAS =
      ConfigKey.number("userDebias", Range.of(0, 2))
          .asAuto()
          .withDoc(
              "how much less an interaction of a busy user counts: (degree / mean)^-userDebias;"
                  + " auto: 0.3, and 0 for explicit feedback and with alpha");

  public static final ConfigKey<Double> ITEM_DEBIAS =
      ConfigKey.number("itemDebias", Range.of(0, 2))
          .asAuto()
          .withDoc(
              "how much less an interaction with a popular item counts: (degree /"
                  + " mean)^-itemDebias; auto: 0.3, but 0 where the 20 most popular items hold 5 %"
                  + " of the interactions, for explicit feedback and with alpha");

  public static final ConfigKey<String> RATING_COL =
      ConfigKey.text("ratingCol")
          .withDoc(
              "column of weights (implicit, at least 0) or ratings (explicit), any number type;"
                  + " without one every interaction weighs 1");

  public static final ConfigKey<Long> SEED =
      ConfigKey.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE)
          .withDefault(42L)
          .withDoc("seed of every random draw; same seed and data, same model");

  public static final ConfigKey<String> INITIAL_MODEL =
      ConfigKey.path("initialModel")
          .withDoc(
              "path of a saved model that training starts from, of the same rank and type of ids:"
                  + " its rows keep weights and positions as far as the budget allows, new ids get"
                  + " rows; without one, rows are random");

  private LatentKeys() {}

  /** Returns what {@link #UNOBSERVED_WEIGHT} is for so many users and items if it is not set. */
  public static double usualUnobservedWeight(long users, long items) {
    return AutoObjective.unobservedWeight(new InteractionCounts(users, items, 0, 0));
  }
}
