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
 * Trees of JSON, built by hand so that every Jackson that Spark brings (2.15 and later) gives the
 * same bytes.
 *
 * <p>JSON has no word for a number that is not finite: NaN and the infinities are written as {@code
 * null}.
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

  /** An unmodifiable copy that keeps the order. */
  static Map<String, Double> ordered(Map<String, Double> values) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }
}
