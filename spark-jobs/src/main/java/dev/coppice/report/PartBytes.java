package dev.coppice.report;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The byte account of one table.
 *
 * @param name {@code users} or {@code items}, or {@code neighbours} for those of the items
 * @param weightBytes bytes of the stored weights
 * @param positionBytes bytes of their positions (dimensions)
 * @param offsetBytes bytes of the row offsets
 * @param explorationBytes bytes that training holds beside the table: exploration and solver state
 * @param importanceBytes bytes of the weights' importances, where the model carries them
 */
public record PartBytes(
    String name,
    long weightBytes,
    long positionBytes,
    long offsetBytes,
    long explorationBytes,
    long importanceBytes) {

  /** Bytes of the table itself: weights, positions, offsets and importances. */
  public long tableBytes() {
    return weightBytes + positionBytes + offsetBytes + importanceBytes;
  }

  ObjectNode toJson() {
    return Json.object()
        .put("name", name)
        .put("weightBytes", weightBytes)
        .put("positionBytes", positionBytes)
        .put("offsetBytes", offsetBytes)
        .put("explorationBytes", explorationBytes)
        .put("importanceBytes", importanceBytes);
  }
}
