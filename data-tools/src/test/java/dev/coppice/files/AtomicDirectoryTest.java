package dev.coppice.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.UsageException;
import java.io.IOError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  @Test
  void anErrorLeavesNothingEither() throws IOException {
    write(false, "one");
    assertThatThrownBy(
            () -> {
              try (AtomicDirectory directory = open(true)) {
                directory.writeText("marker", "half");
                throw new IOError(new IOException("No space left on device"));
              }
            })
        .isInstanceOf(IOError.class);
    assertThat(dir.resolve("out/marker")).hasContent("one");
    assertThat(entries()).isEqualTo(1);
  }

  @Test
  void anythingIsReplacedWithoutAMarkerButNothingThatAppears() throws IOException {
    Files.createDirectories(dir.resolve("out"));
    Files.writeString(dir.resolve("out/something"), "else");
    for (boolean replaces : new boolean[] {false, true}) {
      try (AtomicDirectory directory =
          new AtomicDirectory(
              new Configuration(), "path", dir.resolve("out").toString(), replaces)) {
        directory.writeText("marker", "new");
        if (replaces) {
          directory.publish();
        } else {
          assertThatThrownBy(directory::publish)
              .isInstanceOf(UsageException.class)
              .hasMessageContaining("appeared");
        }
      }
      assertThat(dir.resolve(replaces ? "out/marker" : "out/something")).exists();
      assertThat(entries()).isEqualTo(1);
    }
    assertThat(dir.resolve("out/something")).doesNotExist();
  }

  @Test
  void whatKilledRunsLeftIsRemovedAndNothingElse() throws IOException {
    write(false, "one");
    AtomicDirectory killed = open(true);
    killed.writeText("marker", "half");
    String temporary = killed.temporary().getName();
    Files.createDirectories(dir.resolve(temporary + ".old"));
    String saving = "." + temporary + ".01234567-89ab-cdef-0123-456789abcdef.tmp";
    Files.createDirectories(dir.resolve(saving));
    String uuid = temporary.substring(".out.".length(), temporary.length() - ".tmp".length());
    List<String> others =
        List.of(
            ".out.lock",
            ".out.checkpoint",
            ".out.more." + uuid + ".tmp",
            ".other." + uuid + ".tmp",
            "out." + uuid + ".tmp",
            ".out.tmp",
            "..out." + uuid + ".tmp",
            ".out." + uuid + "0.tmp");
    for (String other : others) {
      Files.createDirectories(dir.resolve(other));
    }
    assertThat(clear())
        .extracting(org.apache.hadoop.fs.Path::getName)
        .containsExactlyInAnyOrder(temporary, temporary + ".old", saving);
    assertThat(dir.resolve(temporary)).doesNotExist();
    assertThat(dir.resolve(temporary + ".old")).doesNotExist();
    assertThat(dir.resolve("out/marker")).hasContent("one");
    assertThat(entries()).isEqualTo(1 + others.size());
    assertThat(clear()).isEmpty();
  }

  @Test
  void theOlderVersionIsPutBackIfARunWasKilledBetweenTheTwoRenames() throws IOException {
    write(false, "one");
    AtomicDirectory killed = open(true);
    killed.writeText("marker", "two");
    Files.move(dir.resolve("out"), dir.resolve(killed.temporary().getName() + ".old"));
    assertThat(clear()).hasSize(2);
    assertThat(dir.resolve("out/marker")).hasContent("one");
    assertThat(entries()).isEqualTo(1);
  }

  @Test
  void aParentThatIsNotThereHoldsNothing() throws IOException {
    assertThat(
            AtomicDirectory.clearLeftovers(new Configuration(), dir.resolve("new/out").toString()))
        .isEmpty();
    assertThat(dir).isEmptyDirectory();
  }

  private List<org.apache.hadoop.fs.Path> clear() throws IOException {
    return AtomicDirectory.clearLeftovers(new Configuration(), dir.resolve("out").toString());
  }
}
