package dev.coppice.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Trees of JSON, built and read by hand so that every Jackson that Spark brings (2.15 and later)
 * gives the same bytes.
 *
 * <p>JSON has no word for a number that is not finite: NaN and the infinities are written as {@code
 * null}, and {@code null} is read as NaN.
 */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** A finite number as it is, anything else as {@code null}. */
  static JsonNode number(double value) {
    return Double.isFinite(value)
        ? JsonNodeFactory.instance.numberNode(value)
        : JsonNodeFactory.instance.nullNode();
  }

  static ObjectNode numbers(Map<String, Double> values) {
    ObjectNode node = object();
    values.forEach((name, value) -> node.set(name, number(value)));
    return node;
  }

  static ArrayNode counts(List<Long> values) {
    ArrayNode node = array();
    values.forEach(node::add);
    return node;
  }

  static <T> ArrayNode list(List<T> values, Function<T, ObjectNode> toJson) {
    ArrayNode node = array();
    values.forEach(value -> node.add(toJson.apply(value)));
    return node;
  }

  /** Configuration values (see {@link #settings}) as a tree. */
  static JsonNode tree(Object value) {
    if (value instanceof Map<?, ?> map) {
      ObjectNode node = object();
      map.forEach((key, item) -> node.set(String.valueOf(key), tree(item)));
      return node;
    }
    if (value instanceof List<?> items) {
      ArrayNode node = array();
      items.forEach(item -> node.add(tree(item)));
      return node;
    }
    if (value instanceof Double number) {
      return Double.isFinite(number) ? number(number) : text(String.valueOf(number));
    }
    if (value instanceof Long number) {
      return JsonNodeFactory.instance.numberNode(number);
    }
    if (value instanceof Boolean flag) {
      return JsonNodeFactory.instance.booleanNode(flag);
    }
    return value == null ? JsonNodeFactory.instance.nullNode() : text(String.valueOf(value));
  }

  /**
   * A configuration reduced to what JSON can say, in its own order: text, whole numbers as {@code
   * Long}, other numbers as {@code Double}, booleans, lists, maps, nulls. Anything else becomes its
   * {@code toString()}.
   */
  static Map<String, Object> settings(Map<String, ?> values) {
    Map<String, Object> copy = new LinkedHashMap<>();
    values.forEach((key, value) -> copy.put(key, setting(value)));
    return Collections.unmodifiableMap(copy);
  }

  private static Object setting(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> named = new LinkedHashMap<>();
      map.forEach((key, item) -> named.put(String.valueOf(key), item));
      return settings(named);
    }
    if (value instanceof Iterable<?> items) {
      List<Object> copy = new ArrayList<>();
      items.forEach(item -> copy.add(setting(item)));
      return Collections.unmodifiableList(copy);
    }
    if (value instanceof Double || value instanceof Boolean || value == null) {
      return value;
    }
    if (value instanceof Float) {
      return Double.valueOf(value.toString()); // .1f stays .1
    }
    if (value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    return value.toString();
  }

  static Map<String, Object> settings(JsonNode node) {
    Map<String, Object> values = new LinkedHashMap<>();
    node.properties().forEach(entry -> values.put(entry.getKey(), setting(entry.getValue())));
    return settings(values);
  }

  private static Object setting(JsonNode node) {
    if (node.isObject()) {
      return settings(node);
    }
    if (node.isArray()) {
      List<Object> items = new ArrayList<>();
      node.forEach(item -> items.add(setting(item)));
      return items;
    }
    if (node.isIntegralNumber()) {
      return node.longValue();
    }
    if (node.isNumber()) {
      return node.doubleValue();
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    return node.isNull() ? null : node.asText();
  }

  private static JsonNode text(String value) {
    return JsonNodeFactory.instance.textNode(value);
  }

  /** The JSON text, indented by two spaces, lines ended by a line feed on every system. */
  static String write(JsonNode node) {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentObjectsWith(indenter);
    try {
      return MAPPER.writer(printer).writeValueAsString(node) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values could not be written as JSON", e);
    }
  }

  /**
   * The JSON text on one line, safe inside an HTML {@code script} element: no {@code <}, {@code >}
   * or {@code &} is left in it. They can only stand inside strings, where an escape means the same.
   */
  static String writeForScript(JsonNode node) {
    return node.toString()
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }

  static ObjectNode parse(String json, String job) {
    JsonNode node;
    try {
      node = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "metrics.json is not JSON: "
              + e.getOriginalMessage()
              + ". It is written by the job '"
              + job
              + "'; run the job again.",
          e);
    }
    if (!(node instanceof ObjectNode object)) {
      throw new IllegalArgumentException(
          "metrics.json must hold one JSON object. It is written by the job '" + job + "'.");
    }
    String found = object.path("job").asText("(none)");
    if (!found.equals(job)) {
      throw new IllegalArgumentException(
          "metrics.json has job '" + found + "'; allowed here: '" + job + "'.");
    }
    return object;
  }

  static JsonNode required(JsonNode node, String field) {
    JsonNode value = node.get(field);
    if (value == null) {
      throw new IllegalArgumentException(
          "metrics.json lacks the field '" + field + "'; the file is cut short or not ours.");
    }
    return value;
  }

  static String text(JsonNode node, String field) {
    return required(node, field).asText();
  }

  static long count(JsonNode node, String field) {
    JsonNode value = required(node, field);
    if (!value.isIntegralNumber()) {
      throw new IllegalArgumentException(
          "metrics.json: field '" + field + "' is " + value + "; allowed: a whole number.");
    }
    return value.longValue();
  }

  static double number(JsonNode node, String field) {
    return orNaN(required(node, field), field);
  }

  private static double orNaN(JsonNode value, String field) {
    if (value.isNull()) {
      return Double.NaN;
    }
    if (!value.isNumber()) {
      throw new IllegalArgumentException(
          "metrics.json: field '" + field + "' is " + value + "; allowed: a number or null.");
    }
    return value.doubleValue();
  }

  /** The object's numbers in the order of the file; empty where the field is absent. */
  static Map<String, Double> numbers(JsonNode node, String field) {
    Map<String, Double> values = new LinkedHashMap<>();
    node.path(field)
        .properties()
        .forEach(entry -> values.put(entry.getKey(), orNaN(entry.getValue(), entry.getKey())));
    return values;
  }

  static <T> List<T> list(JsonNode node, String field, Function<JsonNode, T> fromJson) {
    List<T> values = new ArrayList<>();
    required(node, field).forEach(item -> values.add(fromJson.apply(item)));
    return values;
  }

  /** An unmodifiable copy that keeps the order. */
  static Map<String, Double> ordered(Map<String, Double> values) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }
}
