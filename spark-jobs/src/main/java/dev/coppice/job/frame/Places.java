package dev.coppice.job.frame;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.files.Overlap;
import java.io.IOException;
import java.util.List;

/** Where a job reads and where it writes. */
public final class Places {
  private Places() {}

  /**
   * Refuses an output that is, holds or lies in what the job reads.
   *
   * @param inputs keys of what the job reads, given or not
   * @throws dev.coppice.core.error.UsageException naming both keys and paths
   */
  public static void keepApart(
      JobContext context,
      ConfigValues values,
      ConfigKey<String> output,
      List<ConfigKey<String>> inputs)
      throws IOException {
    if (values.find(output).isEmpty()) {
      return;
    }
    for (ConfigKey<String> input : inputs) {
      Overlap.refuse(
          context.hadoop(),
          input.name(),
          values.find(input).map(List::of).orElse(List.of()),
          output.name(),
          values.get(output));
    }
  }
}
