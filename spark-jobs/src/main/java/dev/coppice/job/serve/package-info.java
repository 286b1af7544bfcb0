/**
 * The job {@code export}: a model as one flat file, checked and measured through the reader that
 * will serve it (docs/design.md section 8, "The serving file"). Knows models and files, and never
 * trains.
 */
package dev.coppice.job.serve;
