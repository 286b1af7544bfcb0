/**
 * The work of the job {@code stats}: what a prepared data set holds, in numbers. Knows the data set
 * alone (docs/design.md section 2).
 */
package dev.coppice.data.stats;
