/**
 * Ranking evaluation on the cluster: {@link dev.coppice.spark.eval.RankingEvaluation} over the
 * whole catalogue, {@link dev.coppice.spark.eval.CandidateEvaluation} among given candidates. The
 * metrics are those of {@link dev.coppice.core.eval}. Knows tables and ranking, never the models
 * that they belong to (docs/design.md section 7).
 */
package dev.coppice.spark.eval;
