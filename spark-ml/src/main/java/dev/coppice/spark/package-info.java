/** Spark ML estimators and models, the distributed sweeps, the jobs and their command line. */
package dev.coppice.spark;
