/**
 * The sparse table: rows in compressed form, their budget of weights and their byte account
 * (docs/design.md section 4; words in section 3).
 */
package dev.coppice.core.table;
