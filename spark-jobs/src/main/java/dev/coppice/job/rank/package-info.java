/**
 * The jobs that ask a model: {@code evaluate}, {@code recommend}, {@code similar} and {@code
 * explain}. They take a saved model or a registry's published one, and never train (docs/design.md
 * sections 7 and 9).
 */
package dev.coppice.job.rank;
