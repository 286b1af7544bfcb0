/**
 * Dense models made sparse after training: import of MLlib's {@code ALSModel}, and pruning of its
 * tables to a budget. The baseline "train dense, then compress" beside training sparse from
 * scratch.
 */
package dev.coppice.spark.compress;
