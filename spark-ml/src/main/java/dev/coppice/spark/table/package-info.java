/**
 * A distributed sparse table whose rows have ids of any type, with what is known of its origin and
 * its bytes. The lowest package of the library: knows the tables of {@code dev.coppice.core} and
 * Spark SQL (docs/design.md sections 4 and 8; words in section 3).
 */
package dev.coppice.spark.table;
