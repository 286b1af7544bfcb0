package dev.coppice.job.frame;

import java.util.ArrayList;
import java.util.List;

/**
 * What a job did, as the lines it ends with. Immutable.
 *
 * @param lines the text, without the job's name
 */
public record JobSummary(List<String> lines) {
  /** Keeps its own copy. */
  public JobSummary {
    lines = List.copyOf(lines);
  }

  /** A summary of the given lines. */
  public static JobSummary of(String... lines) {
    return new JobSummary(List.of(lines));
  }

  /** These lines under a heading, each indented by two spaces. */
  public List<String> under(String heading) {
    List<String> all = new ArrayList<>();
    all.add(heading);
    lines.forEach(line -> all.add("  " + line));
    return all;
  }
}
