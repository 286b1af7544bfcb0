package dev.coppice.spark.rank;

import java.nio.ByteBuffer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Rows as bytes, 6 a weight (dimension, value): what a join carries, so that the product of two
 * rows unpacks no boxed numbers for each pair.
 */
final class PackedRows {
  private static final int ENTRY = 6;

  private PackedRows() {}

  /** Returns a row's bytes from its {@code dims} and {@code weights}. */
  static Column pack(Column dims, Column weights) {
    UDF2<scala.collection.Seq<Short>, scala.collection.Seq<Float>, byte[]> udf = PackedRows::bytes;
    return functions.udf(udf, DataTypes.BinaryType).apply(dims, weights);
  }

  /**
   * Returns the product of two packed rows, in single precision over ascending dimensions, as
   * ranking does it; not a number where one is null.
   */
  static Column product(Column left, Column right) {
    UDF2<byte[], byte[], Float> udf = PackedRows::dot;
    return functions.udf(udf, DataTypes.FloatType).apply(left, right);
  }

  private static byte[] bytes(
      scala.collection.Seq<Short> dims, scala.collection.Seq<Float> weights) {
    ByteBuffer packed = ByteBuffer.allocate(dims.length() * ENTRY);
    for (int p = 0; p < dims.length(); p++) {
      packed.putShort(dims.apply(p)).putFloat(weights.apply(p));
    }
    return packed.array();
  }

  static Float dot(byte[] left, byte[] right) {
    if (left == null || right == null) {
      return Float.NaN;
    }
    ByteBuffer a = ByteBuffer.wrap(left);
    ByteBuffer b = ByteBuffer.wrap(right);
    int p = 0;
    int q = 0;
    float sum = 0;
    while (p < left.length && q < right.length) {
      int dimA = a.getShort(p) & 0xFFFF;
      int dimB = b.getShort(q) & 0xFFFF;
      if (dimA == dimB) {
        sum += a.getFloat(p + 2) * b.getFloat(q + 2);
        p += ENTRY;
        q += ENTRY;
      } else if (dimA < dimB) {
        p += ENTRY;
      } else {
        q += ENTRY;
      }
    }
    return sum;
  }
}
