package dev.coppice.spark.als;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables whose dense form is several times the heap are trained: no dense table, mask or score
 * matrix is ever made, in either way of exchanging rows.
 */
class SmallHeapIT {
  @TempDir Path directory;

  @Test
  void trainsWhatWouldNotFitDense() throws Exception {
    Path output = directory.resolve("output.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (argument.startsWith("--add") || argument.startsWith("-XX:+Ignore")) {
        command.add(argument);
      }
    }
    command.addAll(
        List.of("-Xmx512m", "-XX:+ExitOnOutOfMemoryError", "-XX:ReservedCodeCacheSize=240m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(SmallHeapRun.class.getName(), directory.toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .directory(new File(directory.toString()))
            .start();
    boolean ended = process.waitFor(15, TimeUnit.MINUTES);
    if (!ended) {
      process.destroyForcibly();
    }
    String text = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(ended).as(text).isTrue();
    assertThat(process.exitValue()).as(text).isZero();
    assertThat(text).contains("trained by broadcast").contains("trained by shuffle");
  }
}
