package dev.coppice.spark.als;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.spark.ChildJvm;
import java.nio.file.Path;
import java.util.List;
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
    List<String> arguments =
        ChildJvm.modulesAsHere(
            "-Xmx512m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=240m");
    String text =
        ChildJvm.run(directory, 15, arguments, SmallHeapRun.class, List.of(directory.toString()));
    assertThat(text).contains("trained by broadcast").contains("trained by shuffle");
  }
}
