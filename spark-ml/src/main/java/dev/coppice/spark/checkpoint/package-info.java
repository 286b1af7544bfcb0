/**
 * Durable state of a training run, from which an interrupted one goes on (docs/design.md section
 * 6): the rows of all blocks, written by the executors, and a manifest that names them. Any Hadoop
 * file system will do.
 */
package dev.coppice.spark.checkpoint;
