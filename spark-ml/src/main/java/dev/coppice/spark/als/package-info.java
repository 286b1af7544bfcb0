/**
 * Dynamic sparse ALS on Spark: how interactions are laid out in blocks, how half-sweeps run over
 * them, and how rows travel (by broadcast or from block to block). The mathematics is in {@code
 * dev.coppice.core.als}. Knows checkpoints and serialisation, but neither Params nor models
 * (docs/design.md section 6; words in section 3).
 */
package dev.coppice.spark.als;
