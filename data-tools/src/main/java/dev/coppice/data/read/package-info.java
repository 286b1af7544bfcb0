/**
 * Readers: every input form becomes one table of {@link dev.coppice.data.read.ParsedRows rows},
 * good ones and bad ones, each knowing its file and line.
 */
package dev.coppice.data.read;
