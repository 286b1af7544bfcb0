package dev.coppice.spark.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.core.error.BadInputException;
import dev.coppice.spark.json.JsonChecksum;
import java.util.function.Function;

/**
 * JSON files that name their format and its version.
 *
 * @param name of the format, as in the file
 * @param version the newest that this code writes and reads
 * @param noun what the file belongs to, for messages
 */
record FormatJson(String name, int version, String noun) {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Returns an object that says the format and nothing else yet. */
  ObjectNode start() {
    return start(version);
  }

  /**
   * Returns the same for a file that older releases can read as well.
   *
   * @param oldest the oldest version that knows all that the file holds
   */
  ObjectNode start(int oldest) {
    return MAPPER.createObjectNode().put("format", name).put("formatVersion", oldest);
  }

  /** Returns the text of a file, with a checksum of what it says. */
  String text(ObjectNode root) {
    JsonChecksum.add(root);
    try {
      return MAPPER.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + name + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a file.
   *
   * @param path for messages
   * @param content makes what the file holds; an {@link IllegalArgumentException} of it tells of
   *     damage
   * @throws BadInputException if it is no such file, damaged, or newer than this code
   */
  <T> T read(String path, String text, Function<JsonFields, T> content) {
    JsonNode root;
    try {
      root = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new BadInputException(
          path + " is damaged: " + e.getOriginalMessage() + "; save the " + noun + " again", e);
    }
    int found = root.path("formatVersion").asInt(0);
    if (!name.equals(root.path("format").asText()) || found < 1) {
      throw new BadInputException(
          path + " has no format " + name + " with a version; it is no saved " + noun);
    }
    if (found > version) {
      throw new BadInputException(
          path
              + " has format version "
              + found
              + "; this release knows versions up to "
              + version
              + ": read it with the release that wrote it, or a newer one");
    }
    // Files of before there were checksums have none.
    if (JsonChecksum.isIn(root) && !JsonChecksum.fits(root)) {
      throw new BadInputException(
          path + " is damaged: its checksum is another; save the " + noun + " again");
    }
    try {
      return content.apply(JsonFields.of(root));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(path + " is damaged: " + e.getMessage(), e);
    }
  }
}
