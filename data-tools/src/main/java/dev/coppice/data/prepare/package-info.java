/**
 * The work of the job {@code prepare}: from raw interactions to a {@link
 * dev.coppice.data.CanonicalDataset}. Knows the readers, the data set and files, and no job
 * (docs/design.md section 9 says what every job owes its input).
 */
package dev.coppice.data.prepare;
