/** The {@code stats} job: what a prepared data set holds, in numbers. */
package dev.coppice.data.stats;
