package dev.coppice.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The size of a model.
 *
 * @param users rows of the user table
 * @param items rows of the item table
 * @param rank dimensions of a row
 * @param density share of a dense table's weights that is stored, above 0 to 1
 * @param weights weights stored
 * @param budget weights that may be stored
 * @param bytes bytes of all parts: weights, positions and offsets, those of neighbours too
 * @param denseBytes bytes of dense tables of the same rank, 4 a weight
 * @param parts the account of each table; may be empty
 */
public record ModelFacts(
    long users,
    long items,
    int rank,
    double density,
    long weights,
    long budget,
    long bytes,
    long denseBytes,
    List<PartBytes> parts) {

  /** Copies the parts. */
  public ModelFacts {
    parts = List.copyOf(parts);
  }

  /** Facts whose byte totals follow from the parts and, for the dense tables, from the shape. */
  public static ModelFacts of(
      long users,
      long items,
      int rank,
      double density,
      long weights,
      long budget,
      List<PartBytes> parts) {
    return new ModelFacts(
        users,
        items,
        rank,
        density,
        weights,
        budget,
        parts.stream().mapToLong(PartBytes::tableBytes).sum(),
        (users + items) * rank * Float.BYTES,
        parts);
  }

  ObjectNode toJson() {
    ObjectNode node = Json.object().put("users", users).put("items", items).put("rank", rank);
    node.set("density", Json.number(density));
    node.put("weights", weights)
        .put("budget", budget)
        .put("bytes", bytes)
        .put("denseBytes", denseBytes);
    node.set("parts", Json.list(parts, PartBytes::toJson));
    return node;
  }
}
