package dev.coppice.job.frame;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Finds out whether an output was already written under the same run id. */
public final class RunMarker {
  /** The marker of outputs that have no other file about themselves. */
  public static final String FILE = "_coppice.json";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private RunMarker() {}

  /** The text of {@link #FILE}. */
  public static String text(String job, ConfigValues values) throws JsonProcessingException {
    return MAPPER
            .writerWithDefaultPrettyPrinter()
            .writeValueAsString(
                MAPPER
                    .createObjectNode()
                    .put("job", job)
                    .set("configuration", MAPPER.valueToTree(values.asMap())))
        + "\n";
  }

  /**
   * Whether {@code file} in {@code output} names the run id of {@code values}; false if no run id
   * is set.
   */
  public static boolean isDone(
      Configuration configuration, String output, String file, ConfigValues values)
      throws IOException {
    Optional<String> runId = values.find(CommonKeys.RUN_ID);
    if (runId.isEmpty()) {
      return false;
    }
    JsonNode root = read(configuration, new Path(output, file)).orElse(MissingNode.getInstance());
    return runId.get().equals(root.path("configuration").path("runId").asText(null));
  }

  /**
   * Refuses to replace what another job wrote, although it holds a file of the same name, as models
   * and evaluations do.
   *
   * @throws UsageException if {@code output} holds {@code file} and it is not of {@code job}
   */
  public static void refuseOther(
      Configuration configuration, String output, String file, String job) throws IOException {
    Path marker = new Path(output, file);
    Optional<JsonNode> root = read(configuration, marker);
    boolean there = root.isPresent() || marker.getFileSystem(configuration).exists(marker);
    String other = root.map(node -> node.path("job").asText("")).orElse("");
    if (there && !other.equals(job)) {
      throw new UsageException(
          "output = \""
              + output
              + "\" exists and holds "
              + (other.isEmpty() ? "something else" : "the output of " + other)
              + ", so it is not replaced, whatever overwrite says. Choose another path or remove"
              + " it.");
    }
  }

  /** The file's JSON, if it is there and is JSON. */
  private static Optional<JsonNode> read(Configuration configuration, Path file)
      throws IOException {
    FileSystem fs = file.getFileSystem(configuration);
    if (!fs.exists(file)) {
      return Optional.empty();
    }
    try (InputStream in = fs.open(file)) {
      return Optional.of(MAPPER.readTree(in));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** What a job says that finds its work done. */
  public static JobSummary alreadyDone(String output, ConfigValues values) {
    return JobSummary.of(
        "nothing to do: "
            + output
            + " was already written under runId "
            + values.get(CommonKeys.RUN_ID));
  }
}
