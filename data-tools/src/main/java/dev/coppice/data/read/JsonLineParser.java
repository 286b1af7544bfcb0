package dev.coppice.data.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeType;

/** One JSON object per line. Ids are strings or whole numbers. */
public final class JsonLineParser implements LineParser {
  private static final long serialVersionUID = 1L;

  private static final ObjectMapper MAPPER = newMapper();

  private final Columns columns;
  private final Fields fields;

  /** A parser that takes the named members of each object. */
  public JsonLineParser(Columns columns, Fields fields) {
    this.columns = columns;
    this.fields = fields;
  }

  private static ObjectMapper newMapper() {
    ObjectMapper mapper = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build());
    return mapper;
  }

  @Override
  public void parse(String line, long number, RowSink sink) {
    JsonNode node;
    try {
      node = MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      sink.bad(BadRow.MALFORMED);
      return;
    }
    if (node == null || !node.isObject()) {
      sink.bad(BadRow.MALFORMED);
      return;
    }
    JsonNode user = node.get(columns.user());
    JsonNode item = node.get(columns.item());
    if (isBadId(user) || isBadId(item)) {
      sink.bad(BadRow.BAD_ID);
      return;
    }
    fields.accept(
        text(user),
        text(item),
        text(node, columns.weight()),
        text(node, columns.time()),
        text(node, columns.group()),
        sink);
  }

  private static boolean isBadId(JsonNode node) {
    return node != null && !node.isNull() && !node.isTextual() && !node.isIntegralNumber();
  }

  private static String text(JsonNode object, String name) {
    return name == null ? null : text(object.get(name));
  }

  private static String text(JsonNode node) {
    if (node == null || node.isNull()) {
      return null;
    }
    // A nested value is no number and no time, so that the row is refused for it.
    return node.getNodeType() == JsonNodeType.OBJECT || node.isArray()
        ? node.toString()
        : node.asText();
  }
}
