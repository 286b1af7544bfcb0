/**
 * The jobs and their command line. {@link dev.coppice.spark.job.Coppice} is the main class; a
 * {@link dev.coppice.spark.job.Job} declares its keys and does its work; {@link
 * dev.coppice.spark.job.JobFrame} is what all jobs share: configuration first, then Spark, then the
 * work, and one exit code.
 */
package dev.coppice.spark.job;
