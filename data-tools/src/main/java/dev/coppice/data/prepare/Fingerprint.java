package dev.coppice.data.prepare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import dev.coppice.data.Part;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.unsafe.Platform;

/**
 * Rows per part, and a fingerprint of the data: each row is hashed (part, ids, weight, time, group)
 * and the hashes are joined by sums and an exclusive or, which no order and no partitioning change.
 *
 * @param rows rows by part code
 * @param text 32 hexadecimal digits
 */
record Fingerprint(Map<Integer, Long> rows, String text) {
  /** Of each part: its rows, and three figures of their hashes. */
  private static final int FIGURES = 4;

  /** Reads {@code rows}: columns {@code part, weight, time, group, pair}. */
  static Fingerprint of(Dataset<Row> rows) {
    Map<Integer, Long> counts = new TreeMap<>();
    ByteBuffer sums = ByteBuffer.allocate(Part.values().length * FIGURES * Long.BYTES);
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
              for (int sum = 0; sum < FIGURES; sum++) {
                sums.putLong((part * FIGURES + sum) * Long.BYTES, row.getLong(sum + 1));
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

  /** The fingerprint of rows that are at hand. */
  static final class Sums {
    private static final long SEED = 42;

    private final long[] sums = new long[Part.values().length * FIGURES];

    /** Adds a row of {@link Encoded#ROWS}. */
    void add(Row row) {
      int at = Encoded.part(row) * FIGURES;
      long hash = hash(row);
      sums[at]++;
      sums[at + 1] ^= hash;
      sums[at + 2] += hash & 0xFFFFFFFFL;
      sums[at + 3] += hash >>> 32;
    }

    /** As Spark's {@code xxhash64} over the columns, each with the hash of those before as seed. */
    private static long hash(Row row) {
      long hash = XXH64.hashLong(Encoded.pair(row), SEED);
      hash = XXH64.hashInt(Encoded.part(row), hash);
      // Adding 0 makes one of the two zeros.
      hash = XXH64.hashInt(Float.floatToIntBits(Encoded.weight(row) + 0f), hash);
      Long time = Encoded.time(row);
      hash = time == null ? hash : XXH64.hashLong(time, hash);
      String group = Encoded.group(row);
      if (group != null) {
        byte[] bytes = group.getBytes(StandardCharsets.UTF_8);
        hash = XXH64.hashUnsafeBytes(bytes, Platform.BYTE_ARRAY_OFFSET, bytes.length, hash);
      }
      return hash;
    }

    Fingerprint fingerprint() {
      Map<Integer, Long> counts = new TreeMap<>();
      ByteBuffer bytes = ByteBuffer.allocate(sums.length * Long.BYTES);
      bytes.asLongBuffer().put(sums);
      for (Part part : Part.values()) {
        if (sums[part.code() * FIGURES] > 0) {
          counts.put((int) part.code(), sums[part.code() * FIGURES]);
        }
      }
      return new Fingerprint(counts, digest(bytes.array()));
    }
  }
}
