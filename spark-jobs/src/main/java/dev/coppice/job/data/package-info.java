/**
 * The jobs {@code prepare}, {@code generate} and {@code stats}. They drive the tools of {@code
 * dev.coppice.data} and know no model (docs/design.md section 9).
 */
package dev.coppice.job.data;
