package dev.coppice.spark;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.Range;

/** What estimators can be told of the neighbours of items, each setting declared once. */
public final class NeighbourKeys {
  public static final ConfigKey<String> FAMILY =
      ConfigKey.oneOf("family", Family.words())
          .withDefault(Family.AUTO.word())
          .withDoc(
              "which parts the model has: latent rows, neighbours of items, both (hybrid), or those"
                  + " that are best on the validation part (auto; without one it is hybrid)");

  public static final ConfigKey<Double> NEIGHBOURS =
      ConfigKey.number("neighbours", Range.above(0, 1e6))
          .withDefault(50.0)
          .withDoc("neighbours an item on the mean, the budget of the item-item weights");

  public static final ConfigKey<Long> MAX_BYTES =
      ConfigKey.whole("maxBytes", 1, Long.MAX_VALUE)
          .withDoc(
              "most bytes of the latent rows and neighbours together, by the byte account; density"
                  + " and neighbours, where they are not set, follow from it");

  public static final ConfigKey<Double> NEIGHBOUR_SCALE =
      ConfigKey.number("neighbourScale", Range.above(0))
          .asAuto()
          .withDoc(
              "what the neighbours' part of a score is multiplied with beside the latent part;"
                  + " auto: what is best on the validation part, by doubling or halving from 4 as"
                  + " long as a step gains 1 %; 4 without one");

  public static final ConfigKey<Double> NEIGHBOUR_REG =
      ConfigKey.number("neighbourReg", Range.above(0))
          .withDefault(30.0)
          .withDoc(
              "L2 strength of the neighbours' weights, in co-occurrences in histories of mean"
                  + " length");

  public static final ConfigKey<Double> HISTORY_DEBIAS =
      ConfigKey.number("historyDebias", Range.of(0, 2))
          .withDefault(0.5)
          .withDoc(
              "how much less the co-occurrences in a long history count: (items)^-historyDebias");

  public static final ConfigKey<Integer> MAX_HISTORY =
      ConfigKey.integer("maxHistory", 2, 1 << 20)
          .withDefault(5000)
          .withDoc(
              "most items of a user that co-occurrences are counted of; of a longer history so many"
                  + " are drawn, and the run says of how many users");

  private NeighbourKeys() {}
}
