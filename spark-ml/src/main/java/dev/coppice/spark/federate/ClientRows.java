package dev.coppice.spark.federate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Interactions of one client, or a part of them on their way to it.
 *
 * @param users {@code long[n]}: ids
 * @param items {@code int[n]}: rows of the global item table
 * @param weights {@code float[n]}
 */
public record ClientRows(long[] users, int[] items, float[] weights) implements Serializable {

  /**
   * Brings the rows of each client together by a shuffle: in one partition, whose clients ascend.
   *
   * @param rows columns in this order: {@code client} int, {@code user} long, {@code item} int,
   *     {@code weight} float
   */
  static JavaRDD<Tuple2<Integer, ClientRows>> gathered(Dataset<Row> rows, int partitions) {
    return gathered(
        rows.toJavaRDD().mapPartitionsToPair(ClientRows::chunks),
        partitions,
        ClientRows::merged,
        Hush.OFF);
  }

  /** The same of parts in any form; {@code merged} puts those of a client together. */
  static <T> JavaRDD<Tuple2<Integer, T>> gathered(
      JavaPairRDD<Integer, T> parts, int partitions, Function<Iterable<T>, T> merged, Hush hush) {
    return parts
        .groupByKey(new HashPartitioner(partitions))
        .mapPartitions(
            hush.flat(
                clients -> {
                  List<Tuple2<Integer, T>> sorted = new ArrayList<>();
                  while (clients.hasNext()) {
                    Tuple2<Integer, Iterable<T>> client = clients.next();
                    sorted.add(new Tuple2<>(client._1(), merged.call(client._2())));
                  }
                  sorted.sort(Comparator.comparingInt(Tuple2::_1));
                  return sorted.iterator();
                }));
  }

  private static Iterator<Tuple2<Integer, ClientRows>> chunks(Iterator<Row> rows) {
    Map<Integer, Builder> builders = new TreeMap<>();
    while (rows.hasNext()) {
      Row row = rows.next();
      builders
          .computeIfAbsent(row.getInt(0), c -> new Builder())
          .add(row.getLong(1), row.getInt(2), row.getFloat(3));
    }
    List<Tuple2<Integer, ClientRows>> chunks = new ArrayList<>();
    builders.forEach((client, builder) -> chunks.add(new Tuple2<>(client, builder.build())));
    return chunks.iterator();
  }

  /** Puts parts together: sorted by user and item, a pair that comes twice once, weights added. */
  static ClientRows merged(Iterable<ClientRows> parts) {
    Builder all = new Builder();
    for (ClientRows part : parts) {
      for (int i = 0; i < part.users.length; i++) {
        all.add(part.users[i], part.items[i], part.weights[i]);
      }
    }
    ClientRows rows = all.build();
    Integer[] order = new Integer[rows.users.length];
    Arrays.setAll(order, i -> i);
    // Weights too, so that the sum of repeated pairs does not depend on how they arrived.
    Arrays.sort(
        order,
        Comparator.comparingLong((Integer i) -> rows.users[i])
            .thenComparingInt(i -> rows.items[i])
            .thenComparingDouble(i -> rows.weights[i]));
    Builder sorted = new Builder();
    for (int i : order) {
      sorted.addOrMerge(rows.users[i], rows.items[i], rows.weights[i]);
    }
    return sorted.build();
  }

  /** Returns the distinct users; the rows are sorted. */
  long[] distinctUsers() {
    return Arrays.stream(users).distinct().toArray();
  }

  /** Returns where each distinct user's rows begin, and their end; the rows are sorted. */
  int[] offsets() {
    int[] offsets = new int[users.length + 1];
    int n = 0;
    for (int i = 1; i <= users.length; i++) {
      if (i == users.length || users[i] != users[i - 1]) {
        offsets[++n] = i;
      }
    }
    return Arrays.copyOf(offsets, n + 1);
  }

  /** Arrays that grow. */
  static final class Builder {
    private long[] users = new long[16];
    private int[] items = new int[16];
    private float[] weights = new float[16];
    private int size;

    void add(long user, int item, float weight) {
      if (size == users.length) {
        int more = Math.addExact(size, size);
        users = Arrays.copyOf(users, more);
        items = Arrays.copyOf(items, more);
        weights = Arrays.copyOf(weights, more);
      }
      users[size] = user;
      items[size] = item;
      weights[size++] = weight;
    }

    void addOrMerge(long user, int item, float weight) {
      if (size > 0 && users[size - 1] == user && items[size - 1] == item) {
        weights[size - 1] += weight;
      } else {
        add(user, item, weight);
      }
    }

    ClientRows build() {
      return new ClientRows(
          Arrays.copyOf(users, size), Arrays.copyOf(items, size), Arrays.copyOf(weights, size));
    }
  }
}
