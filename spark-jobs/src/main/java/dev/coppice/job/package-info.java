/**
 * The jobs and their command line. {@link dev.coppice.job.Coppice} is the main class; a {@link
 * dev.coppice.job.frame.Job} declares its keys and does its work; {@link dev.coppice.job.JobFrame}
 * is what all jobs share: configuration first, then Spark, then the work, and one exit code.
 */
package dev.coppice.job;
