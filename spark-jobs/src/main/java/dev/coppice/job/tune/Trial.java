package dev.coppice.job.tune;

import dev.coppice.spark.Family;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A candidate that was trained at one size.
 *
 * @param candidate its number
 * @param origin where the candidate comes from
 * @param family what the model consists of
 * @param rung the rung, from 0
 * @param settings every setting that was not fixed, by name, as it was trained
 * @param outcome what came of it; empty if it failed
 * @param failure why it failed; empty if it did not
 * @param seconds that it took
 */
record Trial(
    int candidate,
    String origin,
    Family family,
    int rung,
    Map<String, String> settings,
    Optional<Outcome> outcome,
    String failure,
    double seconds) {

  /** The best first: by quality, then by bytes, then in the order of the list. */
  static final Comparator<Trial> BEST_FIRST =
      Comparator.comparingDouble((Trial trial) -> -trial.quality())
          .thenComparingLong(Trial::bytes)
          .thenComparingInt(Trial::rung)
          .thenComparingInt(Trial::candidate);

  Trial {
    settings = Collections.unmodifiableMap(new TreeMap<>(settings));
  }

  /**
   * What came of a training.
   *
   * @param quality the metric on the validation part
   * @param popularity the same of the most popular items; NaN if it was not measured
   * @param bytes of the model's two tables
   * @param learnt settings that the training chose itself, by name
   */
  record Outcome(double quality, double popularity, long bytes, Map<String, String> learnt) {
    Outcome {
      learnt = Collections.unmodifiableMap(new TreeMap<>(learnt));
    }
  }

  /** A trial that ended well. */
  static Trial done(
      Candidate candidate,
      Rung rung,
      Map<String, String> settings,
      Outcome outcome,
      double seconds) {
    return of(candidate, rung, settings, Optional.of(outcome), "", seconds);
  }

  /** A trial that did not. */
  static Trial failed(
      Candidate candidate, Rung rung, Map<String, String> settings, String why, double seconds) {
    return of(candidate, rung, settings, Optional.empty(), why, seconds);
  }

  private static Trial of(
      Candidate candidate,
      Rung rung,
      Map<String, String> settings,
      Optional<Outcome> outcome,
      String failure,
      double seconds) {
    return new Trial(
        candidate.number(),
        candidate.origin(),
        candidate.family(),
        rung.number(),
        settings,
        outcome,
        failure,
        seconds);
  }

  /** The metric on the validation part; less than any metric if the trial failed. */
  double quality() {
    return outcome.map(Outcome::quality).orElse(Double.NEGATIVE_INFINITY);
  }

  /** Bytes of the model's two tables; 0 if the trial failed. */
  long bytes() {
    return outcome.map(Outcome::bytes).orElse(0L);
  }

  /** The same settings at a place of the search where they would be trained again. */
  Trial at(Rung other) {
    return new Trial(
        candidate, origin, family, other.number(), settings, outcome, failure, seconds);
  }
}
