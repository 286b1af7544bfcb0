package dev.coppice.spark.rank;

import java.nio.ByteBuffer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Rows as bytes, 6 a weight (dimension, value) and 8 a link (key, weight): what a join carries, so
 * that the product of two rows unpacks no boxed numbers for each pair.
 */
final class PackedRows {
  private static final int ENTRY = 6;
  private static final int LINK = 8;

  private PackedRows() {}

  /** Returns a row's bytes from its {@code dims} and {@code weights}. */
  static Column pack(Column dims, Column weights) {
    UDF2<scala.collection.Seq<Short>, scala.collection.Seq<Float>, byte[]> udf = PackedRows::bytes;
    return functions.udf(udf, DataTypes.BinaryType).apply(dims, weights);
  }

  /** Returns a row's bytes from its {@code links} and {@code linkWeights}; null for no links. */
  static Column packLinks(Column links, Column weights) {
    UDF2<scala.collection.Seq<Integer>, scala.collection.Seq<Float>, byte[]> udf =
        PackedRows::linkBytes;
    return functions.udf(udf, DataTypes.BinaryType).apply(links, weights);
  }

  /**
   * Returns the linked part of a score from the packed links of two rows, in single precision over
   * ascending keys, as ranking does it; 0 where one is null.
   */
  static Column linked(Column left, Column right) {
    UDF2<byte[], byte[], Float> udf = (a, b) -> a == null || b == null ? 0f : dot(a, b, LINK);
    return functions.udf(udf, DataTypes.FloatType).apply(left, right);
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

  private static byte[] linkBytes(
      scala.collection.Seq<Integer> keys, scala.collection.Seq<Float> weights) {
    if (keys == null) {
      return null;
    }
    ByteBuffer packed = ByteBuffer.allocate(keys.length() * LINK);
    for (int p = 0; p < keys.length(); p++) {
      packed.putInt(keys.apply(p)).putFloat(weights == null ? 1f : weights.apply(p));
    }
    return packed.array();
  }

  static Float dot(byte[] left, byte[] right) {
    return left == null || right == null ? Float.NaN : dot(left, right, ENTRY);
  }

  /** Adds up the products of the values of equal keys; an entry is its key and 4 bytes of value. */
  private static float dot(byte[] left, byte[] right, int entry) {
    ByteBuffer a = ByteBuffer.wrap(left);
    ByteBuffer b = ByteBuffer.wrap(right);
    int value = entry - Float.BYTES;
    int p = 0;
    int q = 0;
    float sum = 0;
    while (p < left.length && q < right.length) {
      int keyA = key(a, p, entry);
      int keyB = key(b, q, entry);
      if (keyA == keyB) {
        sum += a.getFloat(p + value) * b.getFloat(q + value);
        p += entry;
        q += entry;
      } else if (keyA < keyB) {
        p += entry;
      } else {
        q += entry;
      }
    }
    return sum;
  }

  private static int key(ByteBuffer packed, int at, int entry) {
    return entry == ENTRY ? packed.getShort(at) & 0xFFFF : packed.getInt(at);
  }
}
