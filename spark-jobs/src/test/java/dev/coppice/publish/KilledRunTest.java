package dev.coppice.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.files.FaultyStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills processes that publish, with signal 9, and looks at what they leave. */
class KilledRunTest {
  private final Configuration configuration = FaultyStore.configuration();

  @TempDir private Path directory;

  @Test
  void killedProcessesLeaveAWholeModelPublishedAndNoLock() throws Exception {
    Path root = directory.resolve("registry");
    Path progress = directory.resolve("registry.progress");
    Registry registry = Registry.at(configuration, root.toString());
    for (int round = 0; round < 3; round++) {
      Files.deleteIfExists(progress);
      Process process = start(root, "round" + round);
      try {
        await(progress, process);
        // Reads while the other writes: latest is there and whole at any moment. The kill comes at
        // a moment of its own each time.
        String last = String.format("round%d-%04d", round, 3 + round);
        Instant end = Instant.now().plusSeconds(120);
        while (registry.latest().orElseThrow().runId().compareTo(last) < 0) {
          assertThat(process.isAlive()).as("the process lives").isTrue();
          assertThat(Instant.now()).as("time for a few models").isBefore(end);
        }
      } finally {
        process.destroyForcibly().waitFor();
      }
      Path model = Path.of(registry.latestModel().toUri().getPath());
      assertThat(Models.isWhole(model)).as("%s is whole", model).isTrue();
      String runId = "after" + round;
      assertThat(Models.run(configuration, root.toString(), runId, 2)).isPresent();
      assertThat(registry.latest().map(Publication::runId)).isEqualTo(Optional.of(runId));
    }
    assertThat(registry.entries()).hasSize(2);
  }

  private Process start(Path root, String prefix) throws Exception {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            PublishLoop.class.getName(),
            root.toString(),
            prefix);
    return new ProcessBuilder(command)
        .redirectOutput(directory.resolve(prefix + ".out").toFile())
        .redirectError(directory.resolve(prefix + ".err").toFile())
        .start();
  }

  private static void await(Path progress, Process process) throws Exception {
    Instant end = Instant.now().plusSeconds(120);
    while (!Files.exists(progress)) {
      assertThat(process.isAlive()).as("the process lives").isTrue();
      assertThat(Instant.now()).as("time for the first model").isBefore(end);
      Thread.sleep(20);
    }
  }
}
