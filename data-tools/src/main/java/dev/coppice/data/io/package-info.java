/**
 * Input files as the driver sees them: which are there, and how the first one begins. Writes
 * nothing; that is what {@link dev.coppice.files} is for (docs/design.md section 2).
 */
package dev.coppice.data.io;
