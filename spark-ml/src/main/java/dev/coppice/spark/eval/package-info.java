/**
 * Ranking evaluation on the cluster: {@link dev.coppice.spark.eval.RankingEvaluation} over the
 * whole catalogue, {@link dev.coppice.spark.eval.CandidateEvaluation} among given candidates. The
 * metrics are those of {@link dev.coppice.core.eval}.
 */
package dev.coppice.spark.eval;
