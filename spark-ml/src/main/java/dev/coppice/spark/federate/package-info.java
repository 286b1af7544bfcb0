/**
 * Gated local models on a cluster: the clients of {@code dev.coppice.core.federate} live in the
 * partitions of an RDD, each wholly in one. Knows neither Params nor models (docs/federation.md;
 * words in docs/design.md section 3).
 */
package dev.coppice.spark.federate;
