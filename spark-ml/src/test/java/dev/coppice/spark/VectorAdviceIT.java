package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A driver that was started without the module of the vectors says so, however often it trains. */
class VectorAdviceIT {
  @TempDir Path directory;

  @Test
  void aDriverWithoutVectorsSaysSoOnce() throws Exception {
    List<String> arguments = ChildJvm.asHere();
    // Nor the compiler of the tests, for which vectors are nothing to miss.
    arguments.removeIf(
        argument -> argument.startsWith("--add-modules") || argument.contains("TieredStopAtLevel"));
    String text = ChildJvm.run(directory, 5, arguments, VectorAdviceRun.class, List.of());
    assertThat(text).contains("trained three times");
    assertThat(text).containsOnlyOnce("Start it with --add-modules=jdk.incubator.vector");
  }
}
