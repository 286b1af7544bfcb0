/**
 * Kryo serialisation of records, which the Kryo that Spark brings cannot write. Knows nothing else
 * of Coppice (docs/design.md section 6, "Serialisation").
 */
package dev.coppice.spark.kryo;
