package dev.coppice.data;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.coppice.core.error.BadInputException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a data set holds and where it came from: the file {@code manifest.json}.
 *
 * @param formatVersion the version of the directory's layout
 * @param synthetic whether the input was generated
 * @param users number of users in the dictionary
 * @param items number of items in the dictionary
 * @param interactions rows of each {@link Part}, by {@link Part#key}; all parts are present
 * @param fingerprint 32 hexadecimal digits over all parts, ids, weights, times and groups; the same
 *     whatever the order of rows, the partitions and the indices
 * @param source the paths of each input, by configuration key
 * @param configuration every setting of {@code prepare} as text
 * @param rowsRead interactions that the input held, bad rows included
 * @param rejected bad rows by reason; see {@code rejected/}
 * @param leftOut good rows that are in no part, by reason: {@code duplicates} joined to another row
 *     of the pair, {@code minWeight}, {@code core} (too few interactions of the user or item),
 *     {@code validation} (train rows whose pair is in validation), {@code seen} (test rows whose
 *     pair is in train or validation)
 * @param warnings what the user should know
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Manifest(
    int formatVersion,
    boolean synthetic,
    long users,
    long items,
    Map<String, Long> interactions,
    String fingerprint,
    Map<String, List<String>> source,
    Map<String, String> configuration,
    long rowsRead,
    Map<String, Long> rejected,
    Map<String, Long> leftOut,
    List<String> warnings) {

  /** The version this code writes, and the newest it reads. */
  public static final int FORMAT_VERSION = 1;

  /** The name of the file. */
  public static final String FILE = "manifest.json";

  private static final List<String> REQUIRED =
      List.of("users", "items", "interactions", "fingerprint");

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Copies the collections; a map that an older file lacks is empty. */
  public Manifest {
    interactions = sorted(interactions);
    source = sorted(source);
    configuration = sorted(configuration);
    rejected = sorted(rejected);
    leftOut = sorted(leftOut);
    warnings = warnings == null ? List.of() : List.copyOf(warnings);
  }

  private static <V> Map<String, V> sorted(Map<String, V> map) {
    return map == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(map));
  }

  /** Rows of a part. */
  public long rows(Part part) {
    return interactions.getOrDefault(part.key(), 0L);
  }

  /** Bad rows, whatever the reason. */
  public long rejectedRows() {
    return rejected.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The manifest as indented JSON. */
  public String toJson() {
    try {
      return MAPPER.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the manifest cannot be written as JSON", e);
    }
  }

  /**
   * Reads a manifest.
   *
   * @param where the file, for messages
   * @throws BadInputException if it is none, or of a newer version
   */
  public static Manifest parse(String json, String where) {
    try {
      JsonNode root = MAPPER.readTree(json);
      int version = root.path("formatVersion").asInt(0);
      if (version > FORMAT_VERSION) {
        throw new BadInputException(
            where
                + " has format version "
                + version
                + ", and this version of Coppice reads up to "
                + FORMAT_VERSION
                + ". Use a newer Coppice, or prepare the data again.");
      }
      if (version < 1) {
        throw new BadInputException(
            where + " has no formatVersion, so it is not the manifest of a data set.");
      }
      for (String field : REQUIRED) {
        if (!root.hasNonNull(field)) {
          throw new BadInputException(
              where + " is damaged: it has no " + field + ". Prepare the data again.");
        }
      }
      return MAPPER.treeToValue(root, Manifest.class);
    } catch (JsonProcessingException e) {
      throw new BadInputException(
          where + " is damaged: " + e.getOriginalMessage() + ". Prepare the data again.", e);
    }
  }
}
