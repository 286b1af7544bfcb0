package dev.coppice.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Weights stored in each dimension.
 *
 * @param users {@code rank} counts of the user table, by dimension
 * @param items {@code rank} counts of the item table
 */
public record DimensionUse(List<Long> users, List<Long> items) {

  /** Copies both lists. */
  public DimensionUse {
    users = List.copyOf(users);
    items = List.copyOf(items);
  }

  ObjectNode toJson() {
    ObjectNode node = Json.object();
    node.set("users", Json.counts(users));
    node.set("items", Json.counts(items));
    return node;
  }

  static DimensionUse fromJson(JsonNode node) {
    return new DimensionUse(
        Json.list(node, "users", JsonNode::longValue),
        Json.list(node, "items", JsonNode::longValue));
  }
}
