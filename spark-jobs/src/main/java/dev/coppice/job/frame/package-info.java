/**
 * What all jobs share: a {@link dev.coppice.job.frame.Job} declares its keys and does its work in a
 * {@link dev.coppice.job.frame.JobContext}; settings, Spark sessions, progress, locks, run markers
 * and error messages are made here once. Knows no single job (docs/design.md section 9).
 */
package dev.coppice.job.frame;
