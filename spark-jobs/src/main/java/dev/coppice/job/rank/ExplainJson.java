package dev.coppice.job.rank;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.core.explain.DimensionProfile;
import dev.coppice.core.explain.Explanation;
import dev.coppice.core.explain.OwnItem;
import dev.coppice.core.explain.OwnNeighbour;
import dev.coppice.core.explain.SharedDimension;
import dev.coppice.core.explain.WeightedId;
import java.util.List;

/** Explanations as one JSON document. */
final class ExplainJson {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private ExplainJson() {}

  /** Returns explanations; {@code neighbours} says whether the model has any. */
  static List<String> explanations(List<Explanation> all, boolean neighbours, Titles titles) {
    ObjectNode root = MAPPER.createObjectNode();
    ArrayNode list = root.putArray("explanations");
    for (Explanation one : all) {
      ObjectNode node = list.addObject().put("user", one.user());
      item(node, one.item(), titles).put("score", one.score());
      if (neighbours) {
        node.put("latent", one.latent()).put("linked", one.linked());
        ArrayNode own = node.putArray("neighbours");
        for (OwnNeighbour neighbour : one.neighbours()) {
          item(own.addObject(), neighbour.id(), titles).put("part", neighbour.part());
        }
      }
      ArrayNode dimensions = node.putArray("dimensions");
      for (SharedDimension shared : one.dimensions()) {
        ObjectNode dimension =
            dimensions
                .addObject()
                .put("dimension", shared.dim())
                .put("part", shared.part())
                .put("userWeight", shared.userWeight())
                .put("itemWeight", shared.itemWeight());
        ArrayNode own = dimension.putArray("ownItems");
        for (OwnItem o : shared.ownItems()) {
          item(own.addObject(), o.id(), titles).put("weight", o.weight());
        }
      }
    }
    return lines(root);
  }

  static List<String> profiles(List<DimensionProfile> all, Titles titles) {
    ObjectNode root = MAPPER.createObjectNode();
    ArrayNode list = root.putArray("dimensions");
    for (DimensionProfile one : all) {
      ObjectNode node =
          list.addObject()
              .put("dimension", one.dim())
              .put("strength", one.strength())
              .put("itemCount", one.itemCount())
              .put("userCount", one.userCount());
      ArrayNode items = node.putArray("items");
      for (WeightedId row : one.items()) {
        item(items.addObject(), row.id(), titles).put("weight", row.weight());
      }
      ArrayNode users = node.putArray("users");
      for (WeightedId row : one.users()) {
        users.addObject().put("user", row.id()).put("weight", row.weight());
      }
    }
    return lines(root);
  }

  private static ObjectNode item(ObjectNode node, String id, Titles titles) {
    node.put("item", id);
    if (id != null && titles.title(id) != null) {
      node.put("title", titles.title(id));
    }
    return node;
  }

  private static List<String> lines(ObjectNode root) {
    try {
      return MAPPER.writeValueAsString(root).lines().toList();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write JSON: " + e.getMessage(), e);
    }
  }
}
