package dev.coppice.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Weights stored in each dimension.
 *
 * @param users {@code rank} counts of the user table, by dimension
 * @param items {@code rank} counts of the item table
 * @param strongest the strongest dimensions, strongest first; may be empty
 */
public record DimensionUse(List<Long> users, List<Long> items, List<DimensionTop> strongest) {

  /** Copies the lists. */
  public DimensionUse {
    users = List.copyOf(users);
    items = List.copyOf(items);
    strongest = List.copyOf(strongest);
  }

  ObjectNode toJson() {
    ObjectNode node = Json.object();
    node.set("users", Json.counts(users));
    node.set("items", Json.counts(items));
    if (!strongest.isEmpty()) {
      node.set("strongest", Json.list(strongest, DimensionTop::toJson));
    }
    return node;
  }
}
