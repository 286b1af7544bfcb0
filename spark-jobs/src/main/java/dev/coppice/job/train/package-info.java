/**
 * The jobs {@code train}, {@code retrain} and {@code import}: keys to an estimator, its model to
 * files, a report and, where asked for, a registry. They drive estimators and know nothing below
 * them (docs/design.md sections 5, 6 and 9).
 */
package dev.coppice.job.train;
