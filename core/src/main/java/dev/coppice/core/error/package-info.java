/**
 * The ways a job can end, and the exceptions that lead there (docs/design.md section 9). Every
 * message says what was wrong (name and value), what is allowed and what to do. Knows nothing else
 * of Coppice.
 */
package dev.coppice.core.error;
