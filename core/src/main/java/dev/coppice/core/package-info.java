/**
 * The mathematics of Coppice: sparse tables, masks, solvers, federated clients and ranking metrics.
 * Knows neither Spark nor Hadoop (docs/design.md section 2; words in section 3).
 */
package dev.coppice.core;
