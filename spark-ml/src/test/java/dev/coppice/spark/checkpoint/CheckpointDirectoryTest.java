package dev.coppice.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointDirectoryTest {
  private static final String UUID = "01234567-89ab-cdef-0123-456789abcdef";

  @TempDir private Path dir;

  private CheckpointDirectory open() {
    return CheckpointDirectory.open(new Configuration(), dir.resolve("place").toString());
  }

  private Path file(String name) {
    return dir.resolve("place").resolve(name);
  }

  @Test
  void aManifestTakesThePlaceOfADamagedOneAndLeavesNothingBeside() throws IOException {
    CheckpointDirectory directory = open();
    Files.writeString(file("sweep-00002.json"), "damaged");
    directory.publish(2, "whole");
    assertThat(directory.read(directory.latest().orElseThrow())).isEqualTo("whole");
    assertThat(dir.resolve("place").toFile().list()).containsExactly("sweep-00002.json");
  }

  @Test
  void whatKilledRunsLeftGoesAndNothingElse() throws IOException {
    CheckpointDirectory directory = open();
    directory.publish(2, "whole");
    Files.createDirectories(file("rows-" + UUID));
    Files.writeString(file(".sweep-00003.json." + UUID + ".tmp"), "half");
    Files.writeString(file(".sweep-00003.json.tmp"), "half, by an earlier release");
    Files.writeString(file("notes.txt"), "somebody else's");
    directory.clear();
    assertThat(dir.resolve("place").toFile().list()).containsExactly("notes.txt");
    Files.delete(file("notes.txt"));
    directory.close();
    assertThat(dir).isEmptyDirectory();
  }

  @Test
  void aPlaceThatIsNoDirectoryIsRefused() throws IOException {
    Files.writeString(dir.resolve("place"), "a file");
    assertThatThrownBy(this::open)
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("cannot be written");
  }
}
