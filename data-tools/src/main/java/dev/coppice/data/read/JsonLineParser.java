package dev.coppice.data.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import java.math.BigDecimal;

/**
 * One JSON object per line. Ids are strings or whole numbers, 12.0 too; a column may be a member of
 * a member: {@code user.id}.
 */
public final class JsonLineParser implements LineParser {
  private static final long serialVersionUID = 1L;

  /** More digits than any id has, and few enough to write them out. */
  private static final int MAX_DIGITS = 100;

  private static final ObjectMapper MAPPER = newMapper();

  private final Columns columns;
  private final Fields fields;
  private final String[] fromPath;

  /**
   * A parser that takes the named members of each object.
   *
   * @param fromPath the texts of columns that an object does not have, in the order of {@link
   *     Columns#KEYS}; null for none
   */
  JsonLineParser(Columns columns, Fields fields, String... fromPath) {
    this.columns = columns;
    this.fields = fields;
    this.fromPath = fromPath;
  }

  private static ObjectMapper newMapper() {
    ObjectMapper mapper =
        new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // Of two members of one name, either might be meant.
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build());
    return mapper;
  }

  @Override
  public void parse(String line, long number, RowSink sink) {
    JsonNode object;
    try {
      object = MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      sink.bad(BadRow.MALFORMED);
      return;
    }
    if (object == null || !object.isObject()) {
      sink.bad(BadRow.MALFORMED);
      return;
    }
    JsonNode user = member(object, columns.user());
    JsonNode item = member(object, columns.item());
    if (isBadId(user) || isBadId(item)) {
      sink.bad(BadRow.BAD_ID);
      return;
    }
    String userId = id(user, Columns.USER);
    String itemId = id(item, Columns.ITEM);
    String group = text(object, Columns.GROUP);
    if (isTorn(userId) || isTorn(itemId) || isTorn(group)) {
      sink.bad(BadRow.BAD_ENCODING);
      return;
    }
    fields.accept(
        userId, itemId, text(object, Columns.WEIGHT), text(object, Columns.TIME), group, sink);
  }

  /** The member of this name, or at the end of this path; null if there is none. */
  private static JsonNode member(JsonNode object, String name) {
    JsonNode found = object.get(name);
    int dot = found == null ? name.indexOf('.') : -1;
    while (found == null && dot > 0) {
      JsonNode outer = object.get(name.substring(0, dot));
      if (outer != null && outer.isObject()) {
        found = member(outer, name.substring(dot + 1));
      }
      dot = name.indexOf('.', dot + 1);
    }
    return found;
  }

  private static boolean isBadId(JsonNode node) {
    return node != null && !node.isNull() && !node.isTextual() && whole(node) == null;
  }

  /** The digits of a whole number, or null. */
  private static String whole(JsonNode node) {
    if (node.isIntegralNumber()) {
      return node.asText();
    }
    // Some versions of Jackson make an infinite double of a number that is too large for one.
    if (!node.isNumber() || (node.isDouble() && !Double.isFinite(node.doubleValue()))) {
      return null;
    }
    BigDecimal number = node.decimalValue();
    if (number.signum() == 0) {
      return "0";
    }
    if (Math.abs((long) number.scale()) + number.precision() > MAX_DIGITS) {
      return null;
    }
    BigDecimal plain = number.stripTrailingZeros();
    return plain.scale() <= 0 ? plain.toBigInteger().toString() : null;
  }

  private String id(JsonNode node, int column) {
    if (node == null) {
      return elsewhere(column);
    }
    return node.isNumber() ? whole(node) : text(node);
  }

  private String text(JsonNode object, int column) {
    String name = columns.named(column);
    JsonNode node = name == null ? null : member(object, name);
    return node == null ? elsewhere(column) : text(node);
  }

  private String elsewhere(int column) {
    return fromPath.length == 0 ? null : fromPath[column];
  }

  private static String text(JsonNode node) {
    if (node.isNull()) {
      return null;
    }
    // A nested value is no number and no time, so that the row is refused for it.
    return node.getNodeType() == JsonNodeType.OBJECT || node.isArray()
        ? node.toString()
        : node.asText();
  }

  /** Whether half of a character is missing, as JSON can write it; no encoding has such halves. */
  private static boolean isTorn(String text) {
    if (text == null) {
      return false;
    }
    for (int n = 0; n < text.length(); n++) {
      char c = text.charAt(n);
      if (Character.isHighSurrogate(c)
          && n + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(n + 1))) {
        n++;
      } else if (Character.isSurrogate(c)) {
        return true;
      }
    }
    return false;
  }
}
