package dev.coppice.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.CoppiceException;
import dev.coppice.core.error.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseLockTest {
  private static final LeaseLock.Timing TIMING =
      new LeaseLock.Timing(
          Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofMillis(100), Duration.ZERO);

  private final Configuration configuration = FaultyStore.configuration();

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void setUp() {
    file = directory.resolve("lock");
  }

  private LeaseLock take(String scheme, LeaseLock.Timing timing) throws IOException {
    return LeaseLock.take(
        configuration, new org.apache.hadoop.fs.Path(scheme + "://" + file), "the place", timing);
  }

  private LeaseLock take() throws IOException {
    return take("file", TIMING);
  }

  private void assertHeld() {
    assertThatThrownBy(this::take)
        .isInstanceOfSatisfying(
            CoppiceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.LOCKED));
  }

  @Test
  void lockOfALivingHolderStays() throws IOException {
    try (LeaseLock lock = take()) {
      assertHeld();
      lock.check();
    }
    take().close();
    assertThat(directory).isEmptyDirectory();
  }

  private static final LeaseLock.Timing PATIENT =
      new LeaseLock.Timing(
          Duration.ofMillis(1500),
          Duration.ofMillis(150),
          Duration.ofMillis(10),
          Duration.ofSeconds(20));

  /** What a lock of this process says, but for some words. */
  private String holder(String... changes) throws IOException {
    String text;
    try (LeaseLock lock = take()) {
      lock.check();
      text = Files.readString(file);
    }
    for (int c = 0; c < changes.length; c += 2) {
      text = text.replaceAll(changes[c] + " \\S+", changes[c] + " " + changes[c + 1]);
    }
    return text;
  }

  /** A process that was seen here and is no more, by its number or by when it started. */
  @ParameterizedTest
  @CsvSource({"process, 999999999", "started, 1000"})
  void lockOfAProcessThatIsGoneIsTakenOver(String word, String value) throws IOException {
    Files.writeString(file, holder(word, value));
    take().close();
    assertThat(directory).isEmptyDirectory();
  }

  /** The same number elsewhere is another process, and may be alive. */
  @ParameterizedTest
  @ValueSource(strings = {"host", "boot", "pids"})
  void lockOfAnotherHostBootOrNamespaceStays(String word) throws IOException {
    Files.writeString(file, holder(word, "other", "process", "999999999"));
    assertHeld();
  }

  @Test
  void lockOfAnOlderReleaseStays() throws IOException {
    Files.writeString(
        file, "host " + InetAddress.getLocalHost().getHostName() + " process 999999999 since");
    assertHeld();
  }

  /** A lost machine costs a lease, not the run that comes after it. */
  @Test
  void whoCannotSeeTheHolderWaitsForTheLeaseToRunOut() throws IOException {
    Files.writeString(file, holder("host", "other"));
    take("file", PATIENT).close();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void whoCannotSeeTheHolderSeesThatItRenews() throws Exception {
    Files.writeString(file, holder("host", "other"));
    Thread other =
        new Thread(
            () -> {
              try {
                for (int n = 1; n < 40; n++) {
                  Thread.sleep(100);
                  Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
                }
              } catch (IOException | InterruptedException e) {
                // The test is over.
                Thread.currentThread().interrupt();
              }
            });
    other.start();
    try {
      assertThatThrownBy(() -> take("file", PATIENT)).hasMessageContaining("is held by host other");
    } finally {
      other.interrupt();
      other.join();
    }
  }

  /** A run that has lost the lock of its output puts nothing in place. */
  @Test
  void anOutputIsPutInPlaceUnderItsLockOnly() throws IOException {
    org.apache.hadoop.fs.Path output =
        new org.apache.hadoop.fs.Path(directory.resolve("out").toUri());
    FileSystem fs = output.getFileSystem(configuration);
    try (LeaseLock lock =
        LeaseLock.take(configuration, LeaseLock.beside(fs, output), "out", TIMING)) {
      lock.check();
      Files.writeString(directory.resolve(".out.lock"), "host other");
      try (AtomicDirectory made =
          new AtomicDirectory(configuration, "output", output.toString(), false)) {
        made.writeText("part", "x");
        assertThatThrownBy(made::publish).hasMessageContaining("has lost the lock");
      }
    }
    assertThat(directory.resolve("out")).doesNotExist();
    try (AtomicDirectory made =
        new AtomicDirectory(configuration, "output", output.toString(), false)) {
      made.writeText("part", "x");
      made.publish();
    }
    assertThat(directory.resolve("out/part")).hasContent("x");
  }

  @Test
  void lockWhoseLeaseHasRunOutIsTakenOver() throws IOException {
    Files.writeString(file, "host elsewhere process 1 since 2026");
    assertHeld();
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(50)));
    assertHeld();
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(70)));
    take().close();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void holderThatLostItsLockFindsOutAndLeavesTheOthersAlone() throws IOException {
    LeaseLock slept = take();
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(70)));
    try (LeaseLock lock = take()) {
      assertThatThrownBy(slept::check)
          .isInstanceOfSatisfying(
              CoppiceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.LOCKED))
          .hasMessageContaining("has lost the lock");
      slept.close();
      lock.check();
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void removedLockIsNoticed() throws IOException {
    try (LeaseLock lock = take()) {
      Files.delete(file);
      assertThatThrownBy(lock::check).hasMessageContaining("the file was removed");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "s3a", "posix"})
  void lockIsRenewedWhileItsHolderLives(String scheme) throws Exception {
    LeaseLock.Timing quick =
        new LeaseLock.Timing(
            Duration.ofSeconds(60), Duration.ofMillis(20), Duration.ofMillis(10), Duration.ZERO);
    FileTime old = FileTime.from(Instant.now().minusSeconds(55));
    try (LeaseLock lock = take(scheme, quick)) {
      Files.setLastModifiedTime(file, old);
      Instant end = Instant.now().plusSeconds(20);
      while (Files.getLastModifiedTime(file).equals(old) && Instant.now().isBefore(end)) {
        Thread.sleep(20);
      }
      assertThat(Files.getLastModifiedTime(file)).isGreaterThan(old);
      lock.check();
    }
    assertThat(file).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "s3a", "posix"})
  void ofManyAtOnceOneWins(String scheme) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 5; round++) {
        List<Callable<LeaseLock>> takers = new ArrayList<>();
        for (int taker = 0; taker < 4; taker++) {
          takers.add(() -> tryTake(scheme));
        }
        List<LeaseLock> won = new ArrayList<>();
        for (Future<LeaseLock> taker : threads.invokeAll(takers)) {
          if (taker.get() != null) {
            won.add(taker.get());
          }
        }
        assertThat(won).hasSize(1);
        won.get(0).check();
        won.get(0).close();
        assertThat(file).doesNotExist();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private LeaseLock tryTake(String scheme) throws IOException {
    try {
      return take(scheme, TIMING);
    } catch (CoppiceException e) {
      assertThat(e.exitCode()).isEqualTo(ExitCode.LOCKED);
      return null;
    }
  }
}
