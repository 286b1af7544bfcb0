package dev.coppice.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.CoppiceException;
import dev.coppice.core.error.ExitCode;
import java.io.IOException;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseLockTest {
  private static final LeaseLock.Timing TIMING =
      new LeaseLock.Timing(Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofMillis(100));

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
        new LeaseLock.Timing(Duration.ofSeconds(60), Duration.ofMillis(20), Duration.ofMillis(10));
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
