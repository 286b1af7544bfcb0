/** Kryo serialisation with registered classes only. */
package dev.coppice.spark.kryo;
