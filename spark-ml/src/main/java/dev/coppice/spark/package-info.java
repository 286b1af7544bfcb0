/**
 * The face of the library: the Spark ML estimators {@link dev.coppice.spark.DynamicSparseALS} and
 * {@link dev.coppice.spark.GatedFederation}, their models, their Params, the evaluator {@link
 * dev.coppice.spark.SparseRankingEvaluator} and the Kryo registrator. It knows the packages below
 * it; none of them knows it, and nothing else calls what trains (docs/design.md section 2; words in
 * section 3).
 */
package dev.coppice.spark;
