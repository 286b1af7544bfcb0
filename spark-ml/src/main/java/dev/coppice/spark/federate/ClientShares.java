package dev.coppice.spark.federate;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.federate.Capacity;
import dev.coppice.core.table.ByteAccount;
import dev.coppice.core.table.SparseTable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much each client may hold, by number.
 *
 * @param capacities {@code double[clients]}: shares of the global item table's weights
 * @param limits {@code long[clients]}: bytes that the model may take; {@link Long#MAX_VALUE} for
 *     any
 */
public record ClientShares(double[] capacities, long[] limits) {
  private static final Logger LOG = LoggerFactory.getLogger(ClientShares.class);

  /** Bytes of a neighbour as it is saved: its code and its weight, and how the list is coded. */
  private static final int NEIGHBOUR = Integer.BYTES + Float.BYTES + 1;

  /** Bytes of an item of a history as it is saved. */
  private static final int IN_HISTORY = Integer.BYTES + 1;

  /** Bytes of a row as it is saved, with room for its id. */
  private static final int ROW = 32;

  /** Bytes of a saved model that do not grow with it: Parquet footers, JSON. Measured. */
  private static final long FOOTERS = 5_500;

  /**
   * Puts together what was told of the clients; what is told of one goes before what is told of
   * all.
   *
   * @param capacity share of a client that nothing else is said of
   * @param entries CLIENT=SHARE
   * @param table by name; clients that the data have not are left out
   * @param memoryLimit bytes for every client; 0 for none
   * @throws IllegalArgumentException if an entry is no CLIENT=SHARE, or names nobody
   */
  public static ClientShares of(
      ClientCounts counts,
      double capacity,
      List<String> entries,
      CapacityTable table,
      long memoryLimit) {
    List<String> names = counts.names();
    double[] shares = new double[names.size()];
    long[] limits = new long[shares.length];
    Arrays.fill(shares, capacity);
    Arrays.fill(limits, memoryLimit > 0 ? memoryLimit : Long.MAX_VALUE);
    int strangers = 0;
    for (Map.Entry<String, CapacityTable.Allowance> entry : table.byClient().entrySet()) {
      int client = names.indexOf(entry.getKey());
      if (client < 0) {
        strangers++;
        continue;
      }
      CapacityTable.Allowance allowance = entry.getValue();
      shares[client] = allowance.share().orElse(shares[client]);
      limits[client] = Math.min(limits[client], allowance.bytes().orElse(Long.MAX_VALUE));
    }
    if (strangers > 0) {
      LOG.warn("{} clients of the capacity table are not in the data", strangers);
    }
    for (String entry : entries) {
      int equals = entry.lastIndexOf('=');
      double share = equals < 0 ? Double.NaN : share(entry.substring(equals + 1));
      if (!(share > 0 && share <= 1)) {
        throw new IllegalArgumentException(
            "capacities has \""
                + entry
                + "\"; it must be CLIENT=SHARE, the share above 0 and at most 1");
      }
      shares[counts.number(entry.substring(0, equals), "capacities")] = share;
    }
    return new ClientShares(shares, limits);
  }

  private static double share(String text) {
    try {
      return Double.parseDouble(text.trim());
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /**
   * Lowers the shares to what fits the limits, by the byte account and room for ids.
   *
   * @param userWeights weights of a user row
   * @throws IllegalArgumentException naming a client whose limit leaves no room for items
   */
  public ClientShares fitted(ClientCounts counts, SparseTable items, long userWeights) {
    double[] fitted = capacities.clone();
    List<String> names = counts.names();
    for (int client = 0; client < fitted.length; client++) {
      if (limits[client] == Long.MAX_VALUE) {
        continue;
      }
      long users = counts.users().get(names.get(client));
      long fixed =
          ByteAccount.of(users, users * userWeights).tableBytes()
              + Integer.BYTES * (long) items.rows()
              + FOOTERS;
      try {
        fitted[client] =
            Math.min(
                fitted[client],
                Capacity.ofBytes(limits[client], fixed, Float.BYTES + Short.BYTES, items.stored()));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "the limit of client \"" + names.get(client) + "\": " + e.getMessage(), e);
      }
    }
    return new ClientShares(fitted, limits);
  }

  /**
   * Returns {@code long[clients]}: how many neighbours fit the limits, by what saved models take.
   *
   * @param items most rows that a model may have
   * @throws IllegalArgumentException naming a client whose limit leaves no room for a neighbour
   */
  public long[] neighbours(ClientCounts counts, long items) {
    long[] most = new long[limits.length];
    List<String> names = counts.names();
    for (int client = 0; client < most.length; client++) {
      String name = names.get(client);
      long interactions = counts.interactions().get(name);
      long rows = counts.users().get(name) + Math.min(items, interactions);
      long fixed = FOOTERS + ROW * rows + IN_HISTORY * interactions;
      most[client] =
          limits[client] == Long.MAX_VALUE ? limits[client] : (limits[client] - fixed) / NEIGHBOUR;
      if (most[client] < 1) {
        throw new IllegalArgumentException(
            "the limit of client \""
                + name
                + "\": "
                + limits[client]
                + " bytes leave no room for neighbours beside the "
                + fixed
                + " bytes of what its users have; raise it");
      }
    }
    return most;
  }

  /**
   * Checks what a saved model takes.
   *
   * @throws BadInputException if it is more than the client's limit
   */
  public void requireBelow(int client, String name, long bytes) {
    if (bytes > limits[client]) {
      throw new BadInputException(
          "the saved model of client \""
              + name
              + "\" takes "
              + bytes
              + " bytes, more than its limit of "
              + limits[client]
              + "; raise memoryLimit (or bytes in capacityTable), or set a smaller capacity for"
              + " this client");
    }
  }
}
