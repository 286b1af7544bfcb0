package dev.coppice.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a dimension stands for.
 *
 * @param dimension 0 to rank - 1
 * @param strength root of (sum of squared item weights times sum of squared user weights)
 * @param items those of the largest absolute weights, largest first
 */
public record DimensionTop(int dimension, double strength, List<Item> items) {

  /** Copies the list. */
  public DimensionTop {
    items = List.copyOf(items);
  }

  /**
   * An item and its weight in the dimension.
   *
   * @param id the item
   * @param title its title; empty where there is none
   * @param weight with its sign
   */
  public record Item(String id, String title, double weight) {
    ObjectNode toJson() {
      ObjectNode node = Json.object().put("item", id);
      if (!title.isEmpty()) {
        node.put("title", title);
      }
      node.set("weight", Json.number(weight));
      return node;
    }
  }

  ObjectNode toJson() {
    ObjectNode node = Json.object().put("dimension", dimension);
    node.set("strength", Json.number(strength));
    node.set("items", Json.list(items, Item::toJson));
    return node;
  }
}
