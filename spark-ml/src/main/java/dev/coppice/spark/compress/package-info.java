/**
 * Dense models made sparse after training: the tables of MLlib's {@code ALSModel}, and pruning to a
 * budget. It is the baseline "train dense, then compress" beside training sparse from scratch.
 * Knows tables alone (docs/design.md section 6, "Import of a dense model").
 */
package dev.coppice.spark.compress;
