package dev.coppice.spark.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A field of a JSON object that holds a checksum of all the others, whatever the layout. */
public final class JsonChecksum {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String FIELD = "sha256";

  private JsonChecksum() {}

  /** Adds the field, the last one. */
  public static void add(ObjectNode root) {
    root.put(FIELD, of(root));
  }

  /** Returns whether an object has the field. */
  public static boolean isIn(JsonNode root) {
    return root.has(FIELD);
  }

  /** Returns whether an object has the field, and it fits the others. */
  public static boolean fits(JsonNode root) {
    if (!(root instanceof ObjectNode object) || !isIn(root)) {
      return false;
    }
    ObjectNode others = object.deepCopy();
    String told = others.remove(FIELD).asText();
    return told.equals(of(others));
  }

  private static String of(ObjectNode root) {
    try {
      byte[] text = MAPPER.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (JsonProcessingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("a checksum cannot be made: " + e.getMessage(), e);
    }
  }
}
