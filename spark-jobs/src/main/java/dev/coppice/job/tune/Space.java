package dev.coppice.job.tune;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.table.Budget;
import dev.coppice.core.table.ModelBytes;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.job.train.TrainKeys;
import dev.coppice.spark.AlsKeys;
import dev.coppice.spark.Family;
import dev.coppice.spark.LatentKeys;
import dev.coppice.spark.NeighbourKeys;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is searched: the settings, the values that are tried, and the list of candidates. The first
 * candidates are the defaults and rules of thumb; the others are a Richtmyer sequence (multiples of
 * the square roots of primes, modulo 1) from a place that the seed says: it fills the space more
 * evenly than independent draws, and however long it is.
 *
 * <p>Source: Bergstra, Bengio: <i>Random Search for Hyper-Parameter Optimization</i> (JMLR 13,
 * 2012), where low-discrepancy sequences were ahead of independent draws and of grids.
 */
final class Space {
  /** The origin of the candidate that sets nothing. */
  static final String DEFAULTS = "defaults";

  private static final Set<Family> LATENT = EnumSet.of(Family.LATENT, Family.HYBRID);
  private static final Set<Family> NEIGHBOURS = EnumSet.of(Family.ITEMS, Family.HYBRID);

  /** Families by turns: that which needs the most settings comes twice. */
  private static final List<Family> FAMILIES =
      List.of(Family.HYBRID, Family.LATENT, Family.HYBRID, Family.ITEMS);

  /** Candidates that are passed over one after the other before the list ends. */
  private static final int MOST_MISSES = 200;

  /** Weights a row of the default settings. */
  private static final double USUAL_PER_ROW =
      LatentKeys.DENSITY.defaultValue().orElseThrow()
          * LatentKeys.RANK.defaultValue().orElseThrow();

  private final ConfigSchema schema = TrainKeys.params();
  private final ConfigValues given;
  private final Map<String, String> fixed;
  private final long users;
  private final long items;
  private final OptionalLong maxBytes;
  private final List<Dimension> dimensions;
  private final List<Candidate> rules = new ArrayList<>();
  private final List<Candidate> found = new ArrayList<>();
  private final Set<Map<String, String>> known = new HashSet<>();
  private int tried;
  private int misses;

  /**
   * A space over a data set.
   *
   * @param given the settings of the job; what was given in them is fixed
   */
  Space(ConfigValues given, long users, long items) {
    this.given = given;
    fixed = fixed(given);
    this.users = users;
    this.items = items;
    maxBytes = given.find(TuneKeys.MAX_BYTES).map(OptionalLong::of).orElse(OptionalLong.empty());
    dimensions =
        all(LatentKeys.usualUnobservedWeight(users, items)).stream()
            .filter(dimension -> !isFixed(dimension.key()))
            .filter(dimension -> !isMoot(dimension.key()))
            .filter(dimension -> dimension.families().stream().anyMatch(this::isPossible))
            .toList();
    rules();
  }

  /** The space: what is searched in which values. One line adds or removes a setting. */
  private static List<Dimension> all(double usualUnobservedWeight) {
    return List.of(
        Dimension.byRatio(
                LatentKeys.UNOBSERVED_WEIGHT,
                usualUnobservedWeight / 16,
                Math.min(1, usualUnobservedWeight * 4))
            .in(LATENT),
        Dimension.oneOf(LatentKeys.USER_DEBIAS, 0.0, 0.3, 0.5).in(LATENT),
        Dimension.oneOf(LatentKeys.ITEM_DEBIAS, 0.0, 0.3).in(LATENT),
        Dimension.byRatio(LatentKeys.REG_PARAM, 0.001, 0.1).in(LATENT),
        Dimension.oneOf(AlsKeys.ITEM_BIAS, false, true).in(LATENT),
        Dimension.oneOf(LatentKeys.RANK, 64, 128, 256, 512).in(LATENT),
        Dimension.byRatioPerRow(LatentKeys.DENSITY, 6.4, 25.6).in(LATENT),
        Dimension.byRatio(NeighbourKeys.NEIGHBOURS, 20, 100).in(NEIGHBOURS),
        Dimension.byRatio(NeighbourKeys.NEIGHBOUR_REG, 10, 200).in(NEIGHBOURS),
        Dimension.oneOf(NeighbourKeys.HISTORY_DEBIAS, 0.2, 0.5, 0.8).in(NEIGHBOURS));
  }

  /** Whether a setting has no meaning beside those that are fixed. */
  private boolean isMoot(ConfigKey<?> key) {
    boolean explicit = !given.get(AlsKeys.IMPLICIT_PREFS);
    boolean mllib = given.find(AlsKeys.ALPHA).isPresent();
    return key.equals(LatentKeys.UNOBSERVED_WEIGHT) && (explicit || mllib);
  }

  /** Whether models of a family can be trained with the settings that are fixed. */
  private boolean isPossible(Family family) {
    if (family.hasNeighbours() && !given.get(AlsKeys.IMPLICIT_PREFS)) {
      return false;
    }
    if (!family.hasRows() && given.get(AlsKeys.NONNEGATIVE)) {
      return false;
    }
    Family wanted = Family.of(given.get(NeighbourKeys.FAMILY));
    return wanted == Family.AUTO || wanted == family;
  }

  private boolean isFixed(ConfigKey<?> key) {
    return given.isGiven(key);
  }

  /** What is searched. */
  List<Dimension> dimensions() {
    return dimensions;
  }

  /** What a family has by default, and what else is known to suit some data. */
  private void rules() {
    for (Family family : List.of(Family.LATENT, Family.HYBRID, Family.ITEMS)) {
      rule(DEFAULTS, family, Map.of());
    }
    for (String itemDebias : List.of("0.0", "0.3")) {
      rule("rule of thumb", Family.HYBRID, Map.of(LatentKeys.ITEM_DEBIAS.name(), itemDebias));
    }
    rule("rule of thumb", Family.LATENT, Map.of(AlsKeys.ITEM_BIAS.name(), "true"));
  }

  private void rule(String origin, Family family, Map<String, String> settings) {
    Map<String, String> searched = new TreeMap<>(settings);
    searched
        .keySet()
        .removeIf(name -> dimensions.stream().noneMatch(each -> each.key().name().equals(name)));
    rules.add(new Candidate(0, origin, family, searched));
  }

  /**
   * Returns a candidate; no two are the same. The list ends where there is nothing else to try.
   *
   * @param number from 0
   */
  Optional<Candidate> candidate(int number) {
    while (found.size() <= number && misses < MOST_MISSES) {
      Candidate next = raw(tried++);
      Optional<Map<String, String>> fitting =
          isPossible(next.family()) ? fitted(next) : Optional.empty();
      Map<String, String> key = new TreeMap<>(fitting.orElse(Map.of()));
      key.put("", next.family().word());
      if (fitting.isPresent() && known.add(key)) {
        found.add(new Candidate(found.size(), next.origin(), next.family(), fitting.get()));
        misses = 0;
      } else {
        misses++;
      }
    }
    return number < found.size() ? Optional.of(found.get(number)) : Optional.empty();
  }

  private Candidate raw(int index) {
    if (index < rules.size()) {
      return rules.get(index);
    }
    int n = index - rules.size();
    Family family = FAMILIES.get((int) (place(n, 0) * FAMILIES.size()));
    Map<String, String> settings = new TreeMap<>();
    double perRow = 0;
    for (int d = 0; d < dimensions.size(); d++) {
      Dimension dimension = dimensions.get(d);
      if (!dimension.families().contains(family)) {
        continue;
      }
      String value = dimension.at(place(n, d + 1));
      if (dimension.perRow()) {
        perRow = Double.parseDouble(value);
      } else {
        settings.put(dimension.key().name(), value);
      }
    }
    if (perRow > 0) {
      int rank = resolved(settings).get(LatentKeys.RANK);
      settings.put(LatentKeys.DENSITY.name(), density(perRow, rank));
    }
    return new Candidate(0, "drawn", family, settings);
  }

  private double place(int n, int dimension) {
    long seed = given.get(LatentKeys.SEED);
    double shift = SeedStream.uniform(seed, Purpose.TUNE, dimension, 0);
    double at = shift + (n + 1) * Math.sqrt(prime(dimension));
    return at - Math.floor(at);
  }

  private static int prime(int index) {
    int prime = 2;
    for (int left = index; left > 0; left--) {
      do {
        prime++;
      } while (!isPrime(prime));
    }
    return prime;
  }

  private static boolean isPrime(int number) {
    for (int by = 2; by * by <= number; by++) {
      if (number % by == 0) {
        return false;
      }
    }
    return true;
  }

  private static String density(double perRow, int rank) {
    return Dimension.rounded(Math.min(1, perRow / rank), RoundingMode.FLOOR);
  }

  /**
   * Makes a candidate sound, and as small as the limit of bytes wants it; empty if that cannot be.
   */
  private Optional<Map<String, String>> fitted(Candidate candidate) {
    Map<String, String> settings = new TreeMap<>(candidate.settings());
    ConfigValues values = resolved(settings);
    int rank = values.get(LatentKeys.RANK);
    if (candidate.family().hasRows()
        && rank * values.get(LatentKeys.DENSITY) < leastPerRow(values)) {
      if (isFixed(LatentKeys.DENSITY)) {
        return Optional.empty();
      }
      // The default density is meant for the default rank.
      settings.put(LatentKeys.DENSITY.name(), density(USUAL_PER_ROW, rank));
    }
    if (maxBytes.isEmpty() || bytes(candidate.family(), settings) <= maxBytes.getAsLong()) {
      return Optional.of(settings);
    }
    double small = 0;
    double large = 1;
    // The size grows with the share, in steps: the largest that fits is found by bisection.
    for (int step = 0; step < 40; step++) {
      double share = (small + large) / 2;
      Optional<Map<String, String>> less = resized(candidate.family(), settings, share);
      if (less.isEmpty() || bytes(candidate.family(), less.get()) <= maxBytes.getAsLong()) {
        small = share;
      } else {
        large = share;
      }
    }
    return resized(candidate.family(), settings, small)
        .filter(less -> bytes(candidate.family(), less) <= maxBytes.getAsLong());
  }

  /** Returns smaller settings by lower density and fewer neighbours; empty if below the least. */
  private Optional<Map<String, String>> resized(
      Family family, Map<String, String> settings, double share) {
    ConfigValues values = resolved(settings);
    Map<String, String> less = new TreeMap<>(settings);
    if (family.hasRows() && !isFixed(LatentKeys.DENSITY)) {
      int rank = values.get(LatentKeys.RANK);
      double perRow = share * values.get(LatentKeys.DENSITY) * rank;
      if (perRow < leastPerRow(values)) {
        return Optional.empty();
      }
      less.put(LatentKeys.DENSITY.name(), density(perRow, rank));
    }
    if (family.hasNeighbours() && !isFixed(NeighbourKeys.NEIGHBOURS)) {
      double neighbours = share * values.get(NeighbourKeys.NEIGHBOURS);
      if (neighbours < 1) {
        return Optional.empty();
      }
      less.put(NeighbourKeys.NEIGHBOURS.name(), Dimension.rounded(neighbours, RoundingMode.FLOOR));
    }
    return Optional.of(less);
  }

  private static double leastPerRow(ConfigValues values) {
    // A little above, so that no rounding of density * rank comes below.
    return 1.01 * Math.max(1, values.get(AlsKeys.MIN_WEIGHTS_PER_ROW));
  }

  /** Bytes of a model by the account that training keeps. */
  private long bytes(Family family, Map<String, String> settings) {
    ConfigValues values = resolved(settings);
    ModelBytes model = new ModelBytes(users, items);
    long bytes = 0;
    if (family.hasRows()) {
      double density = values.get(LatentKeys.DENSITY);
      int rank = values.get(LatentKeys.RANK);
      long weights =
          Budget.of(density, rank, users).weights() + Budget.of(density, rank, items).weights();
      bytes += model.latent(weights, values.get(AlsKeys.PROTECT) > 0);
    }
    if (family.hasNeighbours()) {
      bytes += model.neighbours((long) Math.floor(values.get(NeighbourKeys.NEIGHBOURS) * items));
    }
    return bytes;
  }

  /**
   * Returns every setting of a trial that is not fixed, by name: what is searched, and the sweeps.
   * On rungs before the last, rank, neighbours and sweeps are smaller; the density is the same.
   */
  Map<String, String> settings(Candidate candidate, Rung rung) {
    Map<String, String> settings = new TreeMap<>(candidate.settings());
    ConfigValues values = resolved(settings);
    double share = rung.size();
    if (candidate.family().hasRows()) {
      int rank = values.get(LatentKeys.RANK);
      double density = values.get(LatentKeys.DENSITY);
      if (!isFixed(LatentKeys.RANK)) {
        int least = (int) Math.ceil(leastPerRow(values) / density);
        settings.put(
            LatentKeys.RANK.name(),
            String.valueOf(Math.min(rank, Math.max(least, Math.round(rank * share)))));
      } else if (!isFixed(LatentKeys.DENSITY) && share < 1) {
        double perRow = Math.max(leastPerRow(values), share * density * rank);
        settings.put(LatentKeys.DENSITY.name(), density(Math.min(perRow, density * rank), rank));
      }
      if (!isFixed(LatentKeys.MAX_ITER)) {
        settings.put(
            LatentKeys.MAX_ITER.name(),
            String.valueOf(rung.sweeps(values.get(LatentKeys.MAX_ITER))));
      }
    }
    if (candidate.family().hasNeighbours() && !isFixed(NeighbourKeys.NEIGHBOURS) && share < 1) {
      settings.put(
          NeighbourKeys.NEIGHBOURS.name(),
          Dimension.rounded(
              Math.max(1, share * values.get(NeighbourKeys.NEIGHBOURS)), RoundingMode.FLOOR));
    }
    settings.put(NeighbourKeys.FAMILY.name(), candidate.family().word());
    Map<String, String> texts = resolved(settings).asMap();
    for (Dimension dimension : dimensions) {
      if (dimension.families().contains(candidate.family())) {
        // What is not set is chosen from the data.
        String name = dimension.key().name();
        settings.put(name, texts.getOrDefault(name, ConfigKey.AUTO));
      }
    }
    return settings;
  }

  /** Returns all that an estimator is told: what is fixed, and the settings of a trial. */
  ConfigValues resolved(Map<String, String> settings) {
    Map<String, String> all = new LinkedHashMap<>(fixed);
    all.putAll(settings);
    // A trial is short, and done again if it is lost.
    all.put(AlsKeys.CHECKPOINT_INTERVAL.name(), "-1");
    return schema.resolve(all);
  }

  /** Returns what is fixed because it was given, by name, in the order of the keys. */
  Map<String, String> fixed() {
    return fixed;
  }

  private static Map<String, String> fixed(ConfigValues given) {
    Map<String, String> fixed = new LinkedHashMap<>();
    for (ConfigKey<?> key : TuneKeys.fixable().keys()) {
      if (given.isGiven(key)) {
        fixed.put(key.name(), given.asMap().getOrDefault(key.name(), ConfigKey.AUTO));
      }
    }
    return Collections.unmodifiableMap(fixed);
  }
}
