package dev.coppice.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Weights per row against row degree.
 *
 * @param users bands of the user table, ascending; see {@link DegreeHistogram}
 * @param items bands of the item table
 */
public record RowDistribution(List<DegreeBand> users, List<DegreeBand> items) {

  /** Copies both lists. */
  public RowDistribution {
    users = List.copyOf(users);
    items = List.copyOf(items);
  }

  ObjectNode toJson() {
    ObjectNode node = Json.object();
    node.set("users", Json.list(users, DegreeBand::toJson));
    node.set("items", Json.list(items, DegreeBand::toJson));
    return node;
  }
}
