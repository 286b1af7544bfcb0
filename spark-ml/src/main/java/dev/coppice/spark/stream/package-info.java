/**
 * Micro-batches of interactions: which rows of one can be used, what each user had so far, and the
 * directory in which a batch appears whole. It solves nothing and knows no model; {@link
 * dev.coppice.spark.FoldInStream} puts it together.
 */
package dev.coppice.spark.stream;
