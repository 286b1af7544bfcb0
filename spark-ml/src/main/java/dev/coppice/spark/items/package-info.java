/** Trains the neighbours of items over the cluster (docs/design.md section 5, "Neighbours"). */
package dev.coppice.spark.items;
