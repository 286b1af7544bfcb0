package dev.coppice.spark.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.core.error.BadInputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one micro-batch of a stream did, as {@code batch.json} in its directory tells it. Immutable.
 *
 * @param batch the number that Spark gave it, from 0
 * @param model a fingerprint of what users were folded in with
 * @param userIds type of the users' ids: {@code string}, {@code long} or {@code int}
 * @param itemIds type of the items' ids
 * @param rows that the batch was given
 * @param fingerprint of these rows, whatever their order
 * @param rejected rows that were set aside, by reason
 * @param users whose rows were solved
 * @param newUsers those of them that came for the first time
 * @param allUsers that came so far
 * @param pairs that the histories of these users hold after the batch
 * @param forgotten pairs that fell out of these histories because of their bound
 * @param histories the batches whose histories together hold every user's; the first holds all of
 *     before, and of a user in several the last one counts
 */
public record FoldedBatch(
    long batch,
    String model,
    String userIds,
    String itemIds,
    long rows,
    String fingerprint,
    Map<String, Long> rejected,
    long users,
    long newUsers,
    long allUsers,
    long pairs,
    long forgotten,
    List<Long> histories) {
  private static final FormatJson FORMAT = new FormatJson("coppice-folded-batch", 1, "batch");

  /** Copies what can change. */
  public FoldedBatch {
    rejected = Collections.unmodifiableMap(new TreeMap<>(rejected));
    histories = List.copyOf(histories);
  }

  /** Returns how many rows were set aside. */
  public long rejectedRows() {
    return rejected.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns the text of the file. */
  public String toJson() {
    ObjectNode root = FORMAT.start();
    root.put("batch", batch)
        .put("model", model)
        .put("userIds", userIds)
        .put("itemIds", itemIds)
        .put("rows", rows)
        .put("fingerprint", fingerprint);
    ObjectNode reasons = root.putObject("rejected");
    rejected.forEach(reasons::put);
    root.put("users", users)
        .put("newUsers", newUsers)
        .put("allUsers", allUsers)
        .put("pairs", pairs)
        .put("forgotten", forgotten);
    ArrayNode parts = root.putArray("histories");
    histories.forEach(parts::add);
    return FORMAT.text(root);
  }

  /**
   * Reads a text of {@link #toJson}.
   *
   * @param path for messages
   * @throws BadInputException if it is none, damaged, or of a newer release
   */
  public static FoldedBatch of(String path, String text) {
    return FORMAT.read(path, text, FoldedBatch::of);
  }

  private static FoldedBatch of(JsonFields fields) {
    JsonFields reasons = fields.object("rejected");
    Map<String, Long> rejected = new TreeMap<>();
    reasons.node().fieldNames().forEachRemaining(name -> rejected.put(name, reasons.count(name)));
    List<Long> histories = new ArrayList<>();
    for (JsonNode part : fields.list("histories")) {
      histories.add(part.asLong());
    }
    return new FoldedBatch(
        fields.count("batch"),
        fields.text("model"),
        fields.text("userIds"),
        fields.text("itemIds"),
        fields.count("rows"),
        fields.text("fingerprint"),
        rejected,
        fields.count("users"),
        fields.count("newUsers"),
        fields.count("allUsers"),
        fields.count("pairs"),
        fields.count("forgotten"),
        histories);
  }
}
