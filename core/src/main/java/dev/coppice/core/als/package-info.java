/**
 * Dynamic sparse alternating least squares: the objective, the row solver, the Gramian and the
 * order of the half-sweeps (docs/design.md section 5; words in section 3). Knows tables, masks and
 * kernels.
 */
package dev.coppice.core.als;
