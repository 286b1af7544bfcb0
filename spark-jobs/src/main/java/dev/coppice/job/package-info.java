/**
 * The application's entry: {@link dev.coppice.job.Coppice} is the main class, {@link
 * dev.coppice.job.Jobs} lists the jobs, and {@link dev.coppice.job.JobFrame} runs one:
 * configuration first, then Spark, then the work, and one exit code. Knows every job; no job knows
 * it (docs/design.md section 9).
 */
package dev.coppice.job;
