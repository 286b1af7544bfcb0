package dev.coppice.spark;

import dev.coppice.core.als.InteractionCounts;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.table.Budget;
import dev.coppice.core.table.ModelBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * How the bytes of a model (Param maxBytes) are shared between its parts (docs/design.md section 5,
 * "One budget of bytes").
 *
 * @param family which parts it can have
 * @param density of the latent rows, if that follows from the bytes
 * @param neighbours an item on the mean, if that follows from the bytes
 * @param words the limit, in words
 */
record ByteSplit(Family family, OptionalDouble density, OptionalDouble neighbours, String words) {

  /** Share of the bytes that goes to the neighbours; bench/LAB.md, "One budget of bytes". */
  private static final double NEIGHBOUR_SHARE = 0.6;

  /**
   * Shares the bytes.
   *
   * @throws BadInputException if there are too few
   */
  static ByteSplit of(SparseRecommender stage, InteractionCounts counts) {
    return new Sharing(stage, counts).split();
  }

  /** Returns how many neighbours an item gets within a limit that has room for one. */
  static double neighboursWithin(ModelBytes bytes, long limit) {
    // Of a single item there are none, whatever is allowed.
    return Math.max(1, bytes.neighboursWithin(limit));
  }

  /** Sets what follows. */
  List<Choice> applied(SparseRecommender stage) {
    List<Choice> choices = new ArrayList<>();
    if (family != Family.of(stage.getFamily())) {
      stage.setFamily(family.word());
      choices.add(
          new Choice(
              NeighbourKeys.FAMILY.name(),
              family.word(),
              words + " leave no room for latent rows"));
    }
    density.ifPresent(
        value -> {
          stage.setDensity(value);
          choices.add(new Choice(LatentKeys.DENSITY.name(), String.valueOf(value), words));
        });
    neighbours.ifPresent(
        value -> {
          stage.setNeighbours(value);
          choices.add(new Choice(NeighbourKeys.NEIGHBOURS.name(), String.valueOf(value), words));
        });
    return choices;
  }

  private static final class Sharing {
    private final SparseRecommender stage;
    private final InteractionCounts counts;
    private final ModelBytes bytes;
    private final long limit;
    private final Family family;
    private final boolean importance;

    Sharing(SparseRecommender stage, InteractionCounts counts) {
      this.stage = stage;
      this.counts = counts;
      bytes = new ModelBytes(counts.users(), counts.items());
      limit = stage.getMaxBytes();
      family = stage.getImplicitPrefs() ? Family.of(stage.getFamily()) : Family.LATENT;
      importance = stage.getProtect() > 0;
    }

    ByteSplit split() {
      long leastRows = family.hasRows() ? leastRows() : 0;
      long leastNeighbours = family.hasNeighbours() ? leastNeighbours() : 0;
      if (leastRows + leastNeighbours <= limit) {
        return shared(family, leastRows, leastNeighbours);
      }
      if (family == Family.AUTO && leastNeighbours <= limit) {
        return shared(Family.ITEMS, 0, leastNeighbours);
      }
      throw new BadInputException(
          String.format(
              Locale.ROOT,
              "maxBytes is %,d, but a model of family %s for %,d users and %,d items takes at least"
                  + " %,d bytes%s%s. Raise maxBytes%s.",
              limit,
              family.word(),
              counts.users(),
              counts.items(),
              leastRows + leastNeighbours,
              stage.isSet(stage.density) ? " with density " + stage.getDensity() : "",
              stage.isSet(stage.neighbours) ? " with neighbours " + stage.getNeighbours() : "",
              family.hasRows() && family.hasNeighbours()
                  ? ", or set family = items, which can be smallest"
                  : ""));
    }

    private ByteSplit shared(Family parts, long leastRows, long leastNeighbours) {
      OptionalDouble ofItems = OptionalDouble.empty();
      OptionalDouble ofRows = OptionalDouble.empty();
      long left = limit;
      if (parts.hasNeighbours()) {
        long most = limit - leastRows;
        boolean given = stage.isSet(stage.neighbours);
        if (!given) {
          boolean shared = parts.hasRows() && !stage.isSet(stage.density);
          long wanted = Math.max(leastNeighbours, (long) ((shared ? NEIGHBOUR_SHARE : 1) * limit));
          ofItems = OptionalDouble.of(neighboursWithin(bytes, Math.min(most, wanted)));
        }
        left -= neighbourBytes(given ? stage.getNeighbours() : ofItems.getAsDouble());
      }
      if (parts.hasRows() && !stage.isSet(stage.density)) {
        ofRows = OptionalDouble.of(bytes.densityWithin(left, stage.getRank(), importance));
      }
      return new ByteSplit(
          parts,
          ofRows,
          ofItems,
          String.format(
              Locale.ROOT,
              "%,d bytes for %,d users and %,d items",
              limit,
              counts.users(),
              counts.items()));
    }

    /** What latent rows take that are as they are set, or as few as can be. */
    private long leastRows() {
      double rank = stage.getRank();
      double density =
          stage.isSet(stage.density)
              ? stage.getDensity()
              // A little above, so that no rounding comes below.
              : Math.min(1, 1.001 * Math.max(1, stage.getMinWeightsPerRow()) / rank);
      long weights =
          Budget.of(density, stage.getRank(), counts.users()).weights()
              + Budget.of(density, stage.getRank(), counts.items()).weights();
      return bytes.latent(weights, importance);
    }

    private long leastNeighbours() {
      return neighbourBytes(stage.isSet(stage.neighbours) ? stage.getNeighbours() : 1);
    }

    private long neighbourBytes(double perItem) {
      return bytes.neighbours((long) (perItem * counts.items()));
    }
  }
}
