/**
 * Masks: the initial mask, the schedule of explorations and the exact global choice of what to
 * prune and what to grow (docs/design.md section 5; words in section 3). Knows tables, but no
 * solver.
 */
package dev.coppice.core.mask;
