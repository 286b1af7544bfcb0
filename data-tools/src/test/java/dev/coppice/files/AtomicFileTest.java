package dev.coppice.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  private static final int REPLACEMENTS = 500;

  @TempDir private Path directory;

  private org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(directory.resolve(name).toUri());
  }

  private void replace(String text) throws IOException {
    Files.writeString(directory.resolve("draft"), text);
    AtomicFile.replace(path("draft"), path("file"), new Configuration());
  }

  @Test
  void aReaderAlwaysFindsTheFile() throws Exception {
    replace("0");
    AtomicBoolean done = new AtomicBoolean();
    CountDownLatch begun = new CountDownLatch(1);
    ExecutorService reader = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> missing =
          reader.submit(
              () -> {
                int times = 0;
                while (!done.get()) {
                  try {
                    Files.readString(directory.resolve("file"));
                  } catch (NoSuchFileException e) {
                    times++;
                  }
                  begun.countDown();
                }
                return times;
              });
      begun.await();
      for (int i = 1; i <= REPLACEMENTS; i++) {
        replace(String.valueOf(i));
      }
      done.set(true);
      assertThat(missing.get()).isZero();
    } finally {
      reader.shutdownNow();
    }
    assertThat(directory.resolve("file")).hasContent(String.valueOf(REPLACEMENTS));
  }

  @Test
  void checksumsOfTheOldFileDoNotSpeakOfTheNewOne() throws IOException {
    FileSystem files = FileSystem.getLocal(new Configuration());
    files.create(path("file")).close();
    assertThat(directory.resolve(".file.crc")).exists();
    replace("longer than before");
    try (var in = files.open(path("file"))) {
      assertThat(in.readAllBytes()).asString().isEqualTo("longer than before");
    }
  }

  @Test
  void aDirectoryIsNotReplacedAndNothingGoesIntoIt() throws IOException {
    Files.createDirectories(directory.resolve("file/inside"));
    assertThatThrownBy(() -> replace("text")).isInstanceOf(IOException.class);
    assertThat(directory.resolve("file")).isDirectoryContaining("glob:**/inside");
    assertThat(directory.resolve("file/draft")).doesNotExist();
  }
}
