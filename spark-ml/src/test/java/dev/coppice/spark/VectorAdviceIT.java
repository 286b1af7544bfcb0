package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A driver that was started without the module of the vectors says so, however often it trains. */
class VectorAdviceIT {
  @TempDir Path directory;

  @Test
  void aDriverWithoutVectorsSaysSoOnce() throws Exception {
    Path output = directory.resolve("output.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    // Nor the compiler of the tests, for which vectors are nothing to miss.
    command.removeIf(
        argument -> argument.startsWith("--add-modules") || argument.contains("TieredStopAtLevel"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(VectorAdviceRun.class.getName());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .directory(directory.toFile())
            .start();
    boolean ended = process.waitFor(5, TimeUnit.MINUTES);
    if (!ended) {
      process.destroyForcibly();
    }
    String text = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(ended).as(text).isTrue();
    assertThat(process.exitValue()).as(text).isZero();
    assertThat(text).contains("trained three times");
    assertThat(text).containsOnlyOnce("Start it with --add-modules=jdk.incubator.vector");
  }
}
