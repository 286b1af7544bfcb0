package dev.coppice.spark.als;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How one table of an initial model became the start of a run.
 *
 * @param known rows that the model had
 * @param added rows that are new
 * @param vanished rows of the model without interactions, dropped or kept
 * @param pruned weights of known rows that were pruned to meet the budget
 * @param grown weights that rows were lengthened by to meet the budget
 */
public record InitialCounts(long known, long added, long vanished, long pruned, long grown) {

  /** Returns the counts by name. */
  Map<String, Long> toMap() {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("known", known);
    counts.put("added", added);
    counts.put("vanished", vanished);
    counts.put("pruned", pruned);
    counts.put("grown", grown);
    return counts;
  }

  /** Takes the counts from what {@link #toMap} gave; one that is not there is 0. */
  static InitialCounts of(Map<String, Long> counts) {
    return new InitialCounts(
        counts.getOrDefault("known", 0L),
        counts.getOrDefault("added", 0L),
        counts.getOrDefault("vanished", 0L),
        counts.getOrDefault("pruned", 0L),
        counts.getOrDefault("grown", 0L));
  }
}
