package dev.coppice.spark.federate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Rows of one client by the ids that the data have, or a part of them. Ids stand once.
 *
 * @param name of the client
 * @param userIds {@code String[users]}
 * @param users {@code int[n]}: indices of {@code userIds}
 * @param itemIds {@code String[items]}
 * @param items {@code int[n]}: indices of {@code itemIds}
 * @param weights {@code float[n]}
 * @param heldOut {@code boolean[n]}: rows that are measured on, not learnt from
 */
record RawRows(
    String name,
    String[] userIds,
    int[] users,
    String[] itemIds,
    int[] items,
    float[] weights,
    boolean[] heldOut)
    implements Serializable {
  /** The order in which Spark sorts texts: by their bytes in UTF-8. */
  static final Comparator<String> ORDER = Comparator.comparing(UTF8String::fromString);

  /**
   * What is told of one partition.
   *
   * @param noUser rows without a user
   * @param noItem rows without an item
   * @param noClient rows without a client
   * @param badWeights rows whose weight is missing, below 0 or not finite
   * @param names of the clients that have rows here
   * @param learnt {@code long[names]}: rows to learn from
   */
  record Told(
      long noUser, long noItem, long noClient, long badWeights, String[] names, long[] learnt)
      implements Serializable {}

  /**
   * The rows of one partition.
   *
   * @param clients ascending by name
   */
  record Part(Told told, RawRows[] clients) implements Serializable {}

  /**
   * Reads a partition.
   *
   * @param rows columns in this order: {@code name}, {@code user}, {@code item} string, {@code
   *     weight} float, {@code heldOut} boolean
   */
  static Iterator<Part> read(Iterator<Row> rows) {
    Map<String, Builder> builders = new TreeMap<>(ORDER);
    long[] bad = new long[4];
    while (rows.hasNext()) {
      Row row = rows.next();
      float weight = row.isNullAt(3) ? Float.NaN : row.getFloat(3);
      boolean usable = weight >= 0 && weight <= Float.MAX_VALUE;
      bad[0] += row.isNullAt(1) ? 1 : 0;
      bad[1] += row.isNullAt(2) ? 1 : 0;
      bad[2] += row.isNullAt(0) ? 1 : 0;
      bad[3] += usable ? 0 : 1;
      if (usable && !row.isNullAt(0) && !row.isNullAt(1) && !row.isNullAt(2)) {
        builders
            .computeIfAbsent(row.getString(0), name -> new Builder())
            .add(row.getString(1), row.getString(2), weight, row.getBoolean(4));
      }
    }
    List<RawRows> clients = new ArrayList<>();
    builders.forEach((name, builder) -> clients.add(builder.build(name)));
    return List.of(
            new Part(
                new Told(
                    bad[0],
                    bad[1],
                    bad[2],
                    bad[3],
                    clients.stream().map(RawRows::name).toArray(String[]::new),
                    clients.stream().mapToLong(RawRows::learnt).toArray()),
                clients.toArray(new RawRows[0])))
        .iterator();
  }

  /** Puts the parts of one client together. */
  static RawRows merged(Iterable<RawRows> parts) {
    Builder all = new Builder();
    String name = null;
    for (RawRows part : parts) {
      name = part.name;
      for (int i = 0; i < part.users.length; i++) {
        all.add(
            part.userIds[part.users[i]],
            part.itemIds[part.items[i]],
            part.weights[i],
            part.heldOut[i]);
      }
    }
    return all.build(name);
  }

  private long learnt() {
    long count = 0;
    for (boolean held : heldOut) {
      count += held ? 0 : 1;
    }
    return count;
  }

  /** Returns the ids of the items that are learnt from, each once. */
  List<String> learntItems() {
    boolean[] learnt = new boolean[itemIds.length];
    for (int i = 0; i < items.length; i++) {
      learnt[items[i]] |= !heldOut[i];
    }
    List<String> ids = new ArrayList<>();
    for (int item = 0; item < learnt.length; item++) {
      if (learnt[item]) {
        ids.add(itemIds[item]);
      }
    }
    return ids;
  }

  /** Arrays that grow. */
  private static final class Builder {
    private final Map<String, Integer> userCodes = new HashMap<>();
    private final Map<String, Integer> itemCodes = new HashMap<>();
    private final List<String> userIds = new ArrayList<>();
    private final List<String> itemIds = new ArrayList<>();
    private int[] users = new int[16];
    private int[] items = new int[16];
    private float[] weights = new float[16];
    private boolean[] heldOut = new boolean[16];
    private int size;

    void add(String user, String item, float weight, boolean held) {
      if (size == users.length) {
        int more = Math.addExact(size, size);
        users = Arrays.copyOf(users, more);
        items = Arrays.copyOf(items, more);
        weights = Arrays.copyOf(weights, more);
        heldOut = Arrays.copyOf(heldOut, more);
      }
      users[size] = code(userCodes, userIds, user);
      items[size] = code(itemCodes, itemIds, item);
      weights[size] = weight;
      heldOut[size++] = held;
    }

    private static int code(Map<String, Integer> codes, List<String> ids, String id) {
      Integer known = codes.putIfAbsent(id, ids.size());
      if (known != null) {
        return known;
      }
      ids.add(id);
      return ids.size() - 1;
    }

    RawRows build(String name) {
      return new RawRows(
          name,
          userIds.toArray(new String[0]),
          Arrays.copyOf(users, size),
          itemIds.toArray(new String[0]),
          Arrays.copyOf(items, size),
          Arrays.copyOf(weights, size),
          Arrays.copyOf(heldOut, size));
    }
  }
}
