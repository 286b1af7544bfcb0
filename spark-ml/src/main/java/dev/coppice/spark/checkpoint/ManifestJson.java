package dev.coppice.spark.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.core.error.BadInputException;
import dev.coppice.spark.json.JsonChecksum;

/** Writes and reads the manifest: JSON with format, version and a checksum of all the rest. */
final class ManifestJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String FORMAT = "coppice-checkpoint";

  /** The newest version of the format that this code knows, and the one it writes. */
  static final int VERSION = 1;

  private ManifestJson() {}

  static String write(CheckpointManifest manifest) {
    ObjectNode root = MAPPER.createObjectNode().put("format", FORMAT).put("version", VERSION);
    root.set("checkpoint", MAPPER.valueToTree(manifest));
    JsonChecksum.add(root);
    return root + "\n";
  }

  /**
   * Reads a manifest.
   *
   * @param where for messages
   * @throws BadInputException if it is damaged, no manifest, or of a newer version
   */
  static CheckpointManifest read(String where, String text) {
    try {
      JsonNode parsed = MAPPER.readTree(text);
      int version = parsed.path("version").asInt(0);
      if (!FORMAT.equals(parsed.path("format").asText()) || version < 1) {
        throw damaged(where, "it has no format " + FORMAT + " with a version", null);
      }
      if (version > VERSION) {
        throw new BadInputException(
            where
                + " has format version "
                + version
                + "; this release knows versions up to "
                + VERSION
                + ". Go on with the release that wrote it, or train without resume: then it is"
                + " replaced.");
      }
      if (!JsonChecksum.fits(parsed)) {
        throw damaged(where, "its checksum is another", null);
      }
      return MAPPER.treeToValue(parsed.path("checkpoint"), CheckpointManifest.class);
    } catch (JsonProcessingException e) {
      throw damaged(where, e.getOriginalMessage(), e);
    }
  }

  /** Says that a checkpoint cannot be read, and what to do. */
  static BadInputException damaged(String where, String reason, Throwable cause) {
    return new BadInputException(
        where
            + " is damaged: "
            + reason
            + ". Remove it to go on from an older checkpoint, if there is one beside it, or train"
            + " without resume: then it is replaced.",
        cause);
  }
}
