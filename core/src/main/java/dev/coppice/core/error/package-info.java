/**
 * The ways a job can end, and the exceptions that lead there. Every message says what was wrong
 * (name and value), what is allowed and what to do.
 */
package dev.coppice.core.error;
