package dev.coppice.job.trust;

import java.util.ArrayList;
import java.util.List;

/**
 * A job with its settings, on files of a {@link World}.
 *
 * @param job its name on the command line
 * @param settings KEY=VALUE; {@code @} at the start of a value stands for the world's directory,
 *     read by plain paths, and {@code %} for the same directory on the store that can fail
 * @param output what it makes, below the world's directory
 */
record Deed(String job, List<String> settings, String output) {
  private static final String[] SMALL = {
    "rank=4", "density=0.5", "maxIter=2", "numBlocks=2", "seed=1"
  };

  /** The jobs that write, by name. */
  static final List<Deed> ALL =
      List.of(
          new Deed(
              "prepare",
              List.of(
                  "input=@raw.csv",
                  "output=%made",
                  "validation=ratio",
                  "groupCol=market",
                  "overwrite=true"),
              "made"),
          new Deed(
              "train",
              with(
                  "input=@data",
                  "model=%trained",
                  "checkpointInterval=1",
                  "family=hybrid",
                  "overwrite=true",
                  "resume=true"),
              "trained"),
          new Deed(
              "retrain",
              List.of(
                  "input=@second",
                  "previousInput=@data",
                  "registry=%registry",
                  "runId=night",
                  "maxIter=1",
                  "driftUsers=0",
                  "maxRegression=1"),
              "registry"),
          new Deed(
              "federate",
              List.of(
                  "input=@data",
                  "output=%federated",
                  "rank=4",
                  "density=0.5",
                  "maxIter=2",
                  "gate=random",
                  "rounds=2",
                  "overwrite=true"),
              "federated"),
          new Deed(
              "export",
              List.of("model=@model", "output=%model.serving", "overwrite=true"),
              "model.serving"),
          new Deed(
              "publish",
              List.of("model=@model", "registry=%registry", "runId=mine", "maxRegression=1"),
              "registry"),
          new Deed("rollback", List.of("registry=%registry", "runId=back"), "registry"),
          new Deed(
              "import",
              List.of(
                  "alsModel=@als",
                  "part=validation",
                  "input=@data",
                  "model=%imported",
                  "density=0.5",
                  "numBlocks=2",
                  "overwrite=true"),
              "imported"),
          new Deed(
              "recommend",
              List.of("input=@data", "model=@model", "output=%lists", "k=3", "overwrite=true"),
              "lists"));

  /** The job of a name. */
  static Deed of(String job) {
    return ALL.stream().filter(each -> each.job().equals(job)).findFirst().orElseThrow();
  }

  static List<String> with(String... more) {
    List<String> all = new ArrayList<>(List.of(SMALL));
    all.addAll(List.of(more));
    return all;
  }

  /**
   * Whether the job works on a registry, where a second run under the same id has nothing to do.
   */
  boolean publishes() {
    return output.equals("registry");
  }
}
