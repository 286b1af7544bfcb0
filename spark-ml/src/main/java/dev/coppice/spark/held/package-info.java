/**
 * Rows that Spark keeps for as long as somebody refers to them (docs/design.md section 6, "What is
 * kept"), and what is let go of where a step fails. Knows nothing else of Coppice.
 */
package dev.coppice.spark.held;
