package dev.coppice.publish;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.coppice.core.error.BadInputException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One change of the published model: the text of {@code latest} and of the files of {@code
 * history/}. Immutable.
 *
 * @param formatVersion version of the registry's layout
 * @param sequence number of the change, from 1
 * @param action {@link #PUBLISH} or {@link #ROLLBACK}
 * @param runId the model that is published from now on
 * @param previousRunId the model that a rollback from this one goes to; null if there is none
 * @param time when, as {@link java.time.Instant} writes it
 * @param metric what the gate looked at, such as {@code ndcg@20}; null if nothing was measured
 * @param value the metric of this model when it was published; null if nothing was measured
 * @param publishedValue the metric of the model published before, on the same data at the same
 *     time; null if none was measured
 * @param rollbackId the {@code runId} of the rollback that made the change, so that the same
 *     rollback is not done twice; null if it had none, and of other changes
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Publication(
    int formatVersion,
    long sequence,
    String action,
    String runId,
    String previousRunId,
    String time,
    String metric,
    Double value,
    Double publishedValue,
    String rollbackId) {

  /** The version this code writes, and the newest it reads. */
  public static final int FORMAT_VERSION = 1;

  /** A model took the place of the published one. */
  public static final String PUBLISH = "publish";

  /** An earlier model was published again. */
  public static final String ROLLBACK = "rollback";

  /** The gate kept a model out: the text of its {@code refused.json}, never of {@code latest}. */
  static final String REFUSE = "refuse";

  /** A run's model is complete: the text of its {@code registered.json}. */
  static final String REGISTER = "register";

  private static final Set<String> ACTIONS = Set.of(PUBLISH, ROLLBACK, REFUSE, REGISTER);

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  String toJson() {
    try {
      return MAPPER.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a publication cannot be written as JSON", e);
    }
  }

  /**
   * Reads the text of a file.
   *
   * @param where the file, for messages
   * @param remedy what to do when it is damaged
   * @throws BadInputException if it is damaged or of a newer version
   */
  static Publication parse(String json, String where, Supplier<String> remedy) {
    Publication read;
    try {
      read = MAPPER.readValue(json, Publication.class);
    } catch (JsonProcessingException e) {
      throw new BadInputException(
          where + " is damaged: " + e.getOriginalMessage() + ". " + remedy.get(), e);
    }
    if (read == null
        || read.runId == null
        || read.formatVersion < 1
        || !RunIds.isAllowed(read.runId)) {
      throw new BadInputException(where + " is damaged: it names no run. " + remedy.get());
    }
    if (read.formatVersion > FORMAT_VERSION) {
      throw new BadInputException(
          where
              + " has format version "
              + read.formatVersion
              + "; this release knows versions up to "
              + FORMAT_VERSION
              + ": use the release that wrote it, or a newer one.");
    }
    String wrong = read.wrongField();
    if (wrong != null) {
      throw new BadInputException(
          where + " is damaged: its " + wrong + " is missing or of no known form. " + remedy.get());
    }
    return read;
  }

  /** Returns the name of a field that no registry writes so, or null. */
  private String wrongField() {
    if (action == null || !ACTIONS.contains(action)) {
      return "action";
    }
    if (sequence < 0) {
      return "sequence";
    }
    if (previousRunId != null && !RunIds.isAllowed(previousRunId)) {
      return "previousRunId";
    }
    if (rollbackId != null && !RunIds.isAllowed(rollbackId)) {
      return "rollbackId";
    }
    try {
      return time == null || Instant.parse(time) == null ? "time" : null;
    } catch (DateTimeParseException e) {
      return "time";
    }
  }
}
