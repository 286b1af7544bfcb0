package dev.coppice.data.prepare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import dev.coppice.data.Part;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows per part, and a fingerprint of the data: each row is hashed (part, ids, weight, time, group)
 * and the hashes are joined by sums and an exclusive or, which no order and no partitioning change.
 *
 * @param rows rows by part code
 * @param text 32 hexadecimal digits
 */
record Fingerprint(Map<Integer, Long> rows, String text) {

  /** Reads {@code rows}: columns {@code part, weight, time, group, pair}. */
  static Fingerprint of(Dataset<Row> rows) {
    Map<Integer, Long> counts = new TreeMap<>();
    ByteBuffer sums = ByteBuffer.allocate(Part.values().length * 4 * Long.BYTES);
    rows.withColumn("hash", expr("xxhash64(pair, part, weight, time, `group`)"))
        // The halves are summed apart so that no sum overflows.
        .groupBy(col("part"))
        .agg(
            expr("count(*)"),
            expr("bit_xor(hash)"),
            expr("sum(hash & 4294967295L)"),
            expr("sum(shiftrightunsigned(hash, 32))"))
        .collectAsList()
        .forEach(
            row -> {
              int part = row.getByte(0);
              counts.put(part, row.getLong(1));
              for (int sum = 0; sum < 4; sum++) {
                sums.putLong((part * 4 + sum) * Long.BYTES, row.getLong(sum + 1));
              }
            });
    return new Fingerprint(counts, digest(sums.array()));
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Rows of a part. */
  long rows(Part part) {
    return rows.getOrDefault((int) part.code(), 0L);
  }
}
