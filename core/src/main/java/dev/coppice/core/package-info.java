/**
 * The mathematics of Coppice: sparse tables, masks, solvers, losses and ranking metrics. Free of
 * Spark and Hadoop.
 */
package dev.coppice.core;
