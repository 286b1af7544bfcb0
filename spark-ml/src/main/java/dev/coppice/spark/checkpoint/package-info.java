/**
 * Durable state of a training run, from which an interrupted one goes on: the rows of all blocks,
 * written by the executors, and a manifest that names them, on any Hadoop file system. Knows tables
 * and blocks, but not how they are trained (docs/design.md section 6, "Durable state").
 */
package dev.coppice.spark.checkpoint;
