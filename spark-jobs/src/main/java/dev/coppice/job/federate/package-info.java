/**
 * The job {@code federate}. It turns keys into an estimator and the estimator's model into files
 * and a report; how clients are trained is not known here (docs/federation.md; docs/design.md
 * section 9).
 */
package dev.coppice.job.federate;
