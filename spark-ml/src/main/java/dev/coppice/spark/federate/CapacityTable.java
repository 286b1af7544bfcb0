package dev.coppice.spark.federate;

import dev.coppice.core.error.BadInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What a file says that clients may hold: comma-separated text with a header of {@code client} and
 * {@code capacity} (a share of the global weights), {@code bytes} (of the client's model), or both.
 * An empty field says nothing.
 *
 * @param byClient by the client's name
 */
public record CapacityTable(Map<String, Allowance> byClient) {

  /** What one client may hold. */
  record Allowance(OptionalDouble share, OptionalLong bytes) {}

  /** Returns a table that says nothing. */
  public static CapacityTable empty() {
    return new CapacityTable(Map.of());
  }

  /**
   * Reads a file.
   *
   * @throws BadInputException if it cannot be read, columns are missing or unknown, a client comes
   *     twice, or a value is out of range
   */
  public static CapacityTable read(SparkSession session, String path) {
    Dataset<Row> rows = text(session, path);
    List<String> columns = Arrays.asList(rows.columns());
    List<String> known = List.of("client", "capacity", "bytes");
    if (!columns.contains("client") || columns.size() < 2 || !known.containsAll(columns)) {
      throw new BadInputException(
          "capacityTable = \""
              + path
              + "\" has the columns "
              + String.join(", ", columns)
              + "; it must have client, and capacity, bytes or both");
    }
    Map<String, Allowance> byClient = new TreeMap<>();
    for (Row row : rows.collectAsList()) {
      String client = row.getAs("client");
      Allowance allowance =
          new Allowance(
              share(path, client, field(row, columns, "capacity")),
              bytes(path, client, field(row, columns, "bytes")));
      if (client == null || byClient.put(client, allowance) != null) {
        throw new BadInputException(
            "capacityTable = \""
                + path
                + "\" has "
                + (client == null ? "a row without a client" : "client \"" + client + "\" twice")
                + "; name each client once");
      }
    }
    return new CapacityTable(byClient);
  }

  private static Dataset<Row> text(SparkSession session, String path) {
    try {
      // Without inference every column is text, whatever the names of clients look like.
      return session.read().option("header", "true").csv(path);
    } catch (Exception e) {
      if (e instanceof AnalysisException) {
        throw new BadInputException(
            "capacityTable = \""
                + path
                + "\" cannot be read; give the path of a comma-separated file with a header",
            e);
      }
      throw e;
    }
  }

  private static String field(Row row, List<String> columns, String name) {
    return columns.contains(name) ? row.getAs(name) : null;
  }

  private static OptionalDouble share(String path, String client, String text) {
    if (text == null) {
      return OptionalDouble.empty();
    }
    double share = Double.NaN;
    try {
      share = Double.parseDouble(text.trim());
    } catch (NumberFormatException e) {
      // Refused below.
    }
    if (!(share > 0 && share <= 1)) {
      throw wrong(path, client, "capacity", text, "a number above 0 and at most 1");
    }
    return OptionalDouble.of(share);
  }

  private static OptionalLong bytes(String path, String client, String text) {
    if (text == null) {
      return OptionalLong.empty();
    }
    long bytes = 0;
    try {
      bytes = Long.parseLong(text.trim());
    } catch (NumberFormatException e) {
      // Refused below.
    }
    if (bytes < 1) {
      throw wrong(path, client, "bytes", text, "a whole number from 1");
    }
    return OptionalLong.of(bytes);
  }

  private static BadInputException wrong(
      String path, String client, String column, String text, String allowed) {
    return new BadInputException(
        "capacityTable = \""
            + path
            + "\" says "
            + column
            + " = \""
            + text
            + "\" of client \""
            + client
            + "\"; it must be "
            + allowed);
  }
}
