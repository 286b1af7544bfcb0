package dev.coppice.spark.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Predicate;

/**
 * The fields of a JSON object that must be there and be of their kind; else an {@link
 * IllegalArgumentException} names the field.
 *
 * @param node the object
 * @param path of the object, for messages; empty for the root
 */
record JsonFields(JsonNode node, String path) {
  static JsonFields of(JsonNode root) {
    return new JsonFields(root, "");
  }

  private JsonNode field(String name, Predicate<JsonNode> kind, String words) {
    JsonNode value = node.path(name);
    if (!kind.test(value)) {
      throw new IllegalArgumentException(
          "field " + path + name + (value.isMissingNode() ? " is missing" : " is no " + words));
    }
    return value;
  }

  JsonFields object(String name) {
    return new JsonFields(field(name, JsonNode::isObject, "object"), path + name + ".");
  }

  boolean has(String name) {
    return node.has(name);
  }

  JsonNode list(String name) {
    return field(name, JsonNode::isArray, "list");
  }

  /** Returns a count. */
  long count(String name) {
    return field(
            name,
            value -> value.isIntegralNumber() && value.canConvertToLong() && value.asLong() >= 0,
            "whole number of at least 0")
        .asLong();
  }

  long whole(String name) {
    return field(
            name,
            value -> value.isIntegralNumber() && value.canConvertToLong(),
            "whole number of 64 bits")
        .asLong();
  }

  int small(String name) {
    return field(
            name,
            value -> value.isIntegralNumber() && value.canConvertToInt(),
            "whole number of 32 bits")
        .asInt();
  }

  double number(String name) {
    return field(name, JsonNode::isNumber, "number").asDouble();
  }

  String text(String name) {
    return field(name, JsonNode::isTextual, "text").asText();
  }

  boolean flag(String name) {
    return field(name, JsonNode::isBoolean, "true or false").asBoolean();
  }
}
