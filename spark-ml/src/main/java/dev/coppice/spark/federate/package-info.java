/**
 * Gated local models on a cluster: the clients of {@code dev.coppice.core.federate} live in the
 * partitions of an RDD. Names: docs/design.md section 3.
 */
package dev.coppice.spark.federate;
