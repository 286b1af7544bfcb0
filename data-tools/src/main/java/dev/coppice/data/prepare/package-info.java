/**
 * The {@code prepare} job: from raw interactions to a {@link dev.coppice.data.CanonicalDataset}.
 */
package dev.coppice.data.prepare;
