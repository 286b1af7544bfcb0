package dev.coppice.spark.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.core.config.ConfigValues;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Finds out whether an output was already written under the same run id. */
final class RunMarker {
  /** The marker of outputs that have no other file about themselves. */
  static final String FILE = "_coppice.json";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private RunMarker() {}

  /** The text of {@link #FILE}. */
  static String text(String job, ConfigValues values) throws JsonProcessingException {
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
  static boolean isDone(
      Configuration configuration, String output, String file, ConfigValues values)
      throws IOException {
    Optional<String> runId = values.find(CommonKeys.RUN_ID);
    if (runId.isEmpty()) {
      return false;
    }
    Path marker = new Path(output, file);
    FileSystem fs = marker.getFileSystem(configuration);
    if (!fs.exists(marker)) {
      return false;
    }
    try (InputStream in = fs.open(marker)) {
      JsonNode root = MAPPER.readTree(in);
      return runId.get().equals(root.path("configuration").path("runId").asText(null));
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  /** What a job says that finds its work done. */
  static JobSummary alreadyDone(String output, ConfigValues values) {
    return JobSummary.of(
        "nothing to do: "
            + output
            + " was already written under runId "
            + values.get(CommonKeys.RUN_ID));
  }
}
