/**
 * Ranking evaluation: {@link dev.coppice.core.eval.Metric} defines the metrics, {@link
 * dev.coppice.core.eval.RankingMetrics} computes them for one user, {@link
 * dev.coppice.core.eval.MetricsAccumulator} and {@link dev.coppice.core.eval.ExposureAccumulator}
 * add users up so that the sum does not depend on their order (docs/design.md section 7). Knows
 * nothing else of Coppice.
 */
package dev.coppice.core.eval;
