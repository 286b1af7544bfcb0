/**
 * Interactions in: the canonical data set that {@code prepare} writes and every job reads, with its
 * manifest and its parts. Knows files and errors; of models and estimators it knows nothing
 * (docs/design.md section 2; the form on disk is in data-tools/README.md).
 */
package dev.coppice.data;
