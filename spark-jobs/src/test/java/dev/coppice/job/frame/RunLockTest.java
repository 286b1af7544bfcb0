package dev.coppice.job.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.CoppiceException;
import dev.coppice.core.error.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
  @TempDir private Path directory;

  private RunLock take() throws IOException {
    return RunLock.take(new Configuration(false), directory.resolve("out").toString());
  }

  @Test
  void secondRunIsRefusedUntilTheFirstEnds() throws IOException {
    try (RunLock first = take()) {
      assertThat(first).isNotNull();
      assertThatThrownBy(this::take)
          .isInstanceOfSatisfying(
              CoppiceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.LOCKED))
          .hasMessageContaining(".out.lock")
          .hasMessageContaining("process " + ProcessHandle.current().pid());
    }
    take().close();
    assertThat(directory.resolve(".out.lock")).doesNotExist();
  }

  @Test
  void lockOfADeadProcessIsTakenOver() throws IOException {
    Path lock = directory.resolve(".out.lock");
    String mine;
    try (RunLock first = take()) {
      assertThat(first).isNotNull();
      mine = Files.readString(lock);
    }
    Files.writeString(lock, mine.replaceAll("process \\d+", "process 999999999"));
    take().close();
    assertThat(directory.resolve(".out.lock")).doesNotExist();
  }

  @Test
  void leftoversOfDeadRunsAreRemovedUnderTheLockOnly() throws Exception {
    Path left =
        Files.createDirectories(
            directory.resolve(".out.01234567-89ab-cdef-0123-456789abcdef.tmp/users"));
    try (RunLock first = take()) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> during(() -> left)).isInstanceOf(CoppiceException.class);
      // It is that of the run that holds the lock.
      assertThat(left).exists();
    }
    assertThat(during(() -> Files.exists(left))).isFalse();
    assertThat(directory).isEmptyDirectory();
  }

  private <T> T during(Callable<T> work) throws Exception {
    return RunLock.during(new Configuration(false), directory.resolve("out").toString(), work);
  }
}
