/**
 * Jobs that are ended at any of their changes to files, by kill -9, by a full disk and by each
 * other, and files that are damaged on purpose (docs/trust.md). The suite tries a sample; {@code
 * bench/bin/kills} tries all of it.
 */
package dev.coppice.job.trust;
