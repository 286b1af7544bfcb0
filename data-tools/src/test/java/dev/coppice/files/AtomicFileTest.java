package dev.coppice.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOError;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicFileTest {
  private static final int REPLACEMENTS = 500;

  @TempDir private Path directory;

  private org.apache.hadoop.fs.Path path(String scheme) {
    return new org.apache.hadoop.fs.Path(scheme + "://" + directory.resolve("file"));
  }

  private void replace(String scheme, String text) throws IOException {
    try (AtomicFile file = new AtomicFile(FaultyStore.configuration(), path(scheme))) {
      Files.writeString(directory.resolve(file.draft().getName()), text);
      file.publish();
    }
  }

  private void replace(String text) throws IOException {
    replace("file", text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "posix", "s3a"})
  void takesThePlaceOfTheOldFileAndLeavesNothingBeside(String scheme) throws IOException {
    replace(scheme, "old");
    replace(scheme, "new");
    assertThat(directory.resolve("file")).hasContent("new");
    assertThat(directory).isDirectoryContaining("glob:**/file");
    assertThat(directory.toFile().list()).hasSize(1);
  }

  @Test
  void aDraftGoesOnAnyFailure() throws IOException {
    replace("old");
    assertThatThrownBy(
            () -> {
              try (AtomicFile file = new AtomicFile(new Configuration(), path("file"))) {
                Files.writeString(directory.resolve(file.draft().getName()), "half");
                throw new IOError(new IOException("No space left on device"));
              }
            })
        .isInstanceOf(IOError.class);
    assertThat(directory.resolve("file")).hasContent("old");
    assertThat(directory.toFile().list()).hasSize(1);
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

  @ParameterizedTest
  @ValueSource(strings = {"file", "posix", "s3a"})
  void aDirectoryIsNotReplacedAndNothingGoesIntoIt(String scheme) throws IOException {
    Files.createDirectories(directory.resolve("file/inside"));
    assertThatThrownBy(() -> replace(scheme, "text")).isInstanceOf(IOException.class);
    assertThat(directory.resolve("file")).isDirectoryContaining("glob:**/inside");
    assertThat(directory.resolve("file").toFile().list()).hasSize(1);
    assertThat(directory.toFile().list()).hasSize(1);
  }
}
