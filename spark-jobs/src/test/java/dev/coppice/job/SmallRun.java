package dev.coppice.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.job.Launcher.Result;
import dev.coppice.job.Launcher.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A small training for tests on clusters: what goes in, its settings, and one that was hurt. */
final class SmallRun {
  private SmallRun() {}

  /** Writes a configuration of {@code prepare} and {@code train}. */
  static Path conf(Path file, int sweeps) throws IOException {
    return Files.writeString(
        file,
        """
        prepare { format = delimited, delimiter = ",", userCol = 1, itemCol = 2, duplicates = sum }
        train { rank = 32, density = 0.25, maxIter = %d, numBlocks = 8, numPartitions = 4 }
        """
            .formatted(sweeps));
  }

  /** Makes the data set {@code data} of a directory, in the tests' own process. */
  static void prepareHere(Path directory, String... sets) throws IOException {
    Path raw = raw(directory.resolve("raw.csv"));
    List<String> settings =
        new ArrayList<>(
            List.of("format=delimited", "delimiter=,", "userCol=1", "itemCol=2", "duplicates=sum"));
    settings.addAll(List.of(sets));
    settings.addAll(List.of("input=" + raw, "output=" + directory.resolve("data")));
    here(directory, "prepare", settings);
  }

  /** The rows of the model that {@code train} of {@link #conf} makes in the tests' own process. */
  static List<String> trainHere(Path directory, int sweeps) {
    Path model = directory.resolve("local");
    here(
        directory,
        "train",
        List.of(
            "rank=32",
            "density=0.25",
            "maxIter=" + sweeps,
            "numBlocks=8",
            "numPartitions=4",
            "input=" + directory.resolve("data"),
            "model=" + model));
    List<String> rows = ModelRows.of(model.toString());
    assertThat(rows).hasSizeGreaterThan(400);
    return rows;
  }

  /** Runs a job in the tests' own process. */
  static void here(Path directory, String job, List<String> settings) {
    Command.Result result = new Command(directory).run(job, settings.toArray(String[]::new));
    assertThat(result.code()).as(result.err()).isZero();
  }

  /** Starts a training, hurts it when two sweeps are done, and waits for its good end. */
  static Result hurt(Running training, int sweeps, Hurt hurt) throws Exception {
    return hurt(training, "sweep", sweeps, hurt);
  }

  /** The same of any job that tells its steps by a word and a number. */
  static Result hurt(Running training, String step, int steps, Hurt hurt) throws Exception {
    try (training) {
      training.awaitError(ended(step, 2));
      hurt.now();
      Result result = training.await().succeeded();
      assertThat(result.err()).contains("Lost executor");
      String afterwards = result.err().substring(result.err().indexOf("Lost executor"));
      assertThat(afterwards).as("lost before the last " + step).containsPattern(ended(step, steps));
      return result;
    }
  }

  private static Pattern ended(String step, int number) {
    return Pattern.compile(step + " " + number + "(:| of)");
  }

  /** What is done to a run on its way. */
  interface Hurt {
    /** Does it. */
    void now() throws Exception;
  }

  /** Writes a file of {@code user,item} lines: users of four tastes, and items of theirs. */
  static Path raw(Path file) throws IOException {
    int users = 300;
    int items = 200;
    int interactions = 6_000;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < interactions; i++) {
      int user = SeedStream.below(users, 3, Purpose.GENERATE, i, 0);
      int item = user % 4 + 4 * SeedStream.below(items / 4, 3, Purpose.GENERATE, i, 1);
      text.append('u').append(user).append(",i").append(item).append('\n');
    }
    return Files.writeString(file, text);
  }
}
