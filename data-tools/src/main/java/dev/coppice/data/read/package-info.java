/**
 * Readers: every input form becomes one table of {@link dev.coppice.data.read.ParsedRows rows},
 * good ones and bad ones, each knowing its file and line. Knows nothing of what is made of them
 * (docs/design.md section 9).
 */
package dev.coppice.data.read;
