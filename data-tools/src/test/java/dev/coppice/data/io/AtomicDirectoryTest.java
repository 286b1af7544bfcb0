package dev.coppice.data.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicDirectoryTest {
  @TempDir private Path dir;

  private AtomicDirectory open(boolean overwrite) throws IOException {
    return new AtomicDirectory(
        new Configuration(), "output", dir.resolve("out").toString(), overwrite, "marker");
  }

  private void write(boolean overwrite, String text) throws IOException {
    try (AtomicDirectory directory = open(overwrite)) {
      directory.writeText("marker", text);
      assertThat(dir.resolve("out").resolve(text)).doesNotExist();
      directory.publish();
    }
  }

  private long entries() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.filter(file -> !file.getFileName().toString().endsWith(".crc")).count();
    }
  }

  @Test
  void appearsWholeOrNotAtAll() throws IOException {
    assertThatThrownBy(
            () -> {
              try (AtomicDirectory directory = open(false)) {
                directory.writeText("marker", "half");
                throw new IOException("no space left on device");
              }
            })
        .hasMessage("no space left on device");
    assertThat(entries()).isZero();
    write(false, "one");
    assertThat(dir.resolve("out/marker")).hasContent("one");
    assertThat(entries()).isEqualTo(1);
  }

  @Test
  void keepsTheOldOneWhenTheNewOneFails() throws IOException {
    write(false, "one");
    assertThatThrownBy(
            () -> {
              try (AtomicDirectory directory = open(true)) {
                directory.publish();
              }
            })
        .hasMessageContaining("nothing was written");
    assertThat(dir.resolve("out/marker")).hasContent("one");
    assertThatThrownBy(() -> open(false)).isInstanceOf(UsageException.class);
    write(true, "two");
    assertThat(dir.resolve("out/marker")).hasContent("two");
    assertThat(entries()).isEqualTo(1);
  }
}
