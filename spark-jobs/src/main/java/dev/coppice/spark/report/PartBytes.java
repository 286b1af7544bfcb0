package dev.coppice.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The byte account of one table.
 *
 * @param name {@code users} or {@code items}
 * @param weightBytes bytes of the stored weights
 * @param positionBytes bytes of their positions (dimensions)
 * @param offsetBytes bytes of the row offsets
 * @param explorationBytes bytes that training holds beside the table: exploration and solver state
 */
public record PartBytes(
    String name, long weightBytes, long positionBytes, long offsetBytes, long explorationBytes) {

  /** Bytes of the table itself: weights, positions and offsets. */
  public long tableBytes() {
    return weightBytes + positionBytes + offsetBytes;
  }

  ObjectNode toJson() {
    return Json.object()
        .put("name", name)
        .put("weightBytes", weightBytes)
        .put("positionBytes", positionBytes)
        .put("offsetBytes", offsetBytes)
        .put("explorationBytes", explorationBytes);
  }

  static PartBytes fromJson(JsonNode node) {
    return new PartBytes(
        Json.text(node, "name"),
        Json.count(node, "weightBytes"),
        Json.count(node, "positionBytes"),
        Json.count(node, "offsetBytes"),
        Json.count(node, "explorationBytes"));
  }
}
