/**
 * Interactions in: readers, validation, id dictionaries, filters, splits, statistics and synthetic
 * data.
 */
package dev.coppice.data;
