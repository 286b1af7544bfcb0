package dev.coppice.spark.eval;

import dev.coppice.core.eval.ExposureAccumulator;
import dev.coppice.core.eval.MetricsAccumulator;

/** What one partition's users add; merging is exact and in any order gives the same bits. */
public final class PartialEvaluation {
  final MetricsAccumulator metrics;
  final ExposureAccumulator exposure;
  final MetricsAccumulator popularityMetrics;
  final ExposureAccumulator popularityExposure;
  // Null where it was not asked for.
  PartialBreakdown breakdown;
  long testPairs;
  long unknownPairs;
  long unknownUsers;

  /**
   * Starts at nothing.
   *
   * @param keys number of metrics
   * @param items size of the catalogue
   */
  PartialEvaluation(int keys, int items) {
    metrics = new MetricsAccumulator(keys);
    exposure = new ExposureAccumulator(items);
    popularityMetrics = new MetricsAccumulator(keys);
    popularityExposure = new ExposureAccumulator(items);
  }

  /** Adds the users of another. */
  PartialEvaluation merge(PartialEvaluation other) {
    metrics.merge(other.metrics);
    exposure.merge(other.exposure);
    popularityMetrics.merge(other.popularityMetrics);
    popularityExposure.merge(other.popularityExposure);
    if (breakdown != null) {
      breakdown.merge(other.breakdown);
    }
    testPairs += other.testPairs;
    unknownPairs += other.unknownPairs;
    unknownUsers += other.unknownUsers;
    return this;
  }
}
