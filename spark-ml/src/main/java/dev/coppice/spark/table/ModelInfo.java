package dev.coppice.spark.table;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.FoldInSettings;
import dev.coppice.core.table.ByteAccount;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a model comes from and what it takes; saved with it. Immutable.
 *
 * @param rank d, width of a row of both tables
 * @param density share of the positions that hold a weight
 * @param userBudget weights that the user table may store; 0 where unknown
 * @param itemBudget weights that the item table may store; 0 where unknown
 * @param objective what was minimised; unknown users are folded in with it
 * @param confidenceScale what stored confidences were multiplied with
 * @param meanUserDegree training interactions a user; 0 where unknown
 * @param meanItemDegree training interactions an item; 0 where unknown
 * @param seed of all random draws
 * @param bestSweep the sweep whose tables these are; 0 where unknown
 * @param userBytes what the user table took in training
 * @param itemBytes what the item table took in training
 * @param dataFingerprint of the training data; empty where unknown
 * @param configuration every setting of the run by name
 * @param metrics validation or test metrics by name, such as {@code ndcg@20}
 */
public record ModelInfo(
    int rank,
    double density,
    long userBudget,
    long itemBudget,
    AlsObjective objective,
    double confidenceScale,
    double meanUserDegree,
    double meanItemDegree,
    long seed,
    int bestSweep,
    ByteAccount userBytes,
    ByteAccount itemBytes,
    String dataFingerprint,
    Map<String, String> configuration,
    Map<String, Double> metrics) {

  /** In the configuration, where there are any: {@link #periodsFromScores}. */
  public static final String PERIODS_FROM_SCORES = "periodsFromScores";

  /** Copies the maps, sorted by name. */
  public ModelInfo {
    if (rank < 1) {
      throw new IllegalArgumentException("rank is " + rank + "; it must be at least 1");
    }
    configuration = Collections.unmodifiableMap(new TreeMap<>(configuration));
    metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
  }

  /** Returns what is known of tables that were not trained here: their rank and an objective. */
  public static ModelInfo of(int rank, AlsObjective objective) {
    ByteAccount none = ByteAccount.of(0, 0);
    return new ModelInfo(
        rank, 1, 0, 0, objective, 1, 0, 0, 0, 0, none, none, "", Map.of(), Map.of());
  }

  /**
   * Returns what folding users in needs to know.
   *
   * @param items rows of the item table
   */
  public FoldInSettings foldIn(long items) {
    return new FoldInSettings(rank, density, objective, confidenceScale, meanItemDegree, items);
  }

  /** Returns the same with a fingerprint of the training data. */
  public ModelInfo withDataFingerprint(String fingerprint) {
    return with(fingerprint, configuration, metrics);
  }

  /** Returns the same with the settings of a job, and with what the training counted. */
  public ModelInfo withConfiguration(Map<String, String> settings) {
    Map<String, String> all = new TreeMap<>(settings);
    if (configuration.containsKey(PERIODS_FROM_SCORES)) {
      all.put(PERIODS_FROM_SCORES, configuration.get(PERIODS_FROM_SCORES));
    }
    return with(dataFingerprint, all, metrics);
  }

  /** Returns how many periods in a row were trained without the interactions before them. */
  public int periodsFromScores() {
    return Integer.parseInt(configuration.getOrDefault(PERIODS_FROM_SCORES, "0"));
  }

  /** Returns the same with metrics. */
  public ModelInfo withMetrics(Map<String, Double> values) {
    return with(dataFingerprint, configuration, values);
  }

  private ModelInfo with(
      String fingerprint, Map<String, String> settings, Map<String, Double> values) {
    return new ModelInfo(
        rank,
        density,
        userBudget,
        itemBudget,
        objective,
        confidenceScale,
        meanUserDegree,
        meanItemDegree,
        seed,
        bestSweep,
        userBytes,
        itemBytes,
        fingerprint,
        settings,
        values);
  }
}
