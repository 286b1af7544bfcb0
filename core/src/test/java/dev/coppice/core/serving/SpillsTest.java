package dev.coppice.core.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpillsTest {
  @TempDir Path directory;

  /** What a killed process left goes; what a living one uses, or has just made, stays. */
  @Test
  void scratchOfKilledProcessesIsRemoved() throws IOException {
    Path killed = Files.createDirectory(directory.resolve(".coppice-serving-killed"));
    Files.createFile(killed.resolve("held"));
    Files.writeString(killed.resolve("USER_IDS"), "x");
    Path made = Files.createDirectory(directory.resolve(".coppice-serving-made"));
    Path another = Files.createDirectory(directory.resolve("another"));
    try (Spills first = new Spills(directory)) {
      assertThat(killed).doesNotExist();
      first.of(SectionKind.USER_IDS).putInt(1);
      try (Spills second = new Spills(directory)) {
        second.of(SectionKind.USER_IDS).putInt(2);
        assertThat(first.map(SectionKind.USER_IDS).intAt(0)).isEqualTo(1);
      }
    }
    assertThat(directory).isDirectoryContaining(path -> path.equals(made));
    try (var left = Files.list(directory)) {
      assertThat(left).containsExactlyInAnyOrder(made, another);
    }
  }
}
