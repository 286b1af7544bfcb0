/**
 * Dynamic sparse ALS on Spark: how interactions are laid out in blocks, how half-sweeps run over
 * them, and how rows travel (by broadcast or from block to block). The mathematics is in {@code
 * dev.coppice.core.als}; words as in docs/design.md section 3.
 */
package dev.coppice.spark.als;
