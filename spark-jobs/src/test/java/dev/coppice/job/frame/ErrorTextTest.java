package dev.coppice.job.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.CoppiceException;
import dev.coppice.core.error.ExitCode;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.util.List;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.junit.jupiter.api.Test;

class ErrorTextTest {
  @Test
  void ownErrorIsFoundBehindOthers() {
    Exception error = new RuntimeException("job aborted", new BadInputException("row 3 is bad"));
    assertThat(ErrorText.of(error)).isEqualTo("row 3 is bad");
    assertThat(ErrorText.exitCode(error)).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(ErrorText.exitCode(new CoppiceException(ExitCode.LOCKED, "held")).code())
        .isEqualTo(5);
  }

  @Test
  void foreignErrorIsOneLineWithItsCause() {
    Exception error =
        new IllegalStateException("aborted\nat somewhere", new IOException("no route\nat x"));
    assertThat(ErrorText.of(error).lines())
        .containsExactly("IllegalStateException: aborted", "Cause: IOException: no route");
    assertThat(ErrorText.exitCode(error)).isEqualTo(ExitCode.FAILURE);
  }

  @Test
  void damagedFilesAndForeignClassesAreNamed() {
    Exception task =
        new RuntimeException(
            "Job aborted:\njava.lang.RuntimeException: file:/a is not a Parquet file.\n\tat x");
    assertThat(ErrorText.of(task)).contains("file:/a is not a Parquet file").doesNotContain("\tat");
    assertThat(ErrorText.exitCode(task)).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(ErrorText.of(new IllegalArgumentException("Class is not registered: x.Y")))
        .contains("x.Y", "spark.kryo.registrationRequired=false");
  }

  @Test
  void missingConnectorsAreNamed() {
    for (Exception error :
        List.of(
            new RuntimeException(
                "java.lang.RuntimeException: java.lang.ClassNotFoundException: Class"
                    + " org.apache.hadoop.fs.s3a.S3AFileSystem not found"),
            new UncheckedIOException(
                new UnsupportedFileSystemException("No FileSystem for scheme \"gs\"")))) {
      assertThat(ErrorText.of(error))
          .contains("no connector", "--packages org.apache.hadoop:hadoop-aws:3.")
          .doesNotContain("java.lang");
      assertThat(ErrorText.exitCode(error)).isEqualTo(ExitCode.USAGE);
    }
  }

  @Test
  void aFileOutOfReachIsNoBadInput() {
    Exception task =
        new RuntimeException(
            "Encountered error while reading file hdfs://name/a",
            new ConnectException("connect timed out"));
    assertThat(ErrorText.exitCode(task)).isEqualTo(ExitCode.FAILURE);
    assertThat(ErrorText.of(task)).contains("ConnectException: connect timed out");
    Exception damaged = new RuntimeException(task.getMessage(), new EOFException("short"));
    assertThat(ErrorText.exitCode(damaged)).isEqualTo(ExitCode.BAD_INPUT);
  }

  @Test
  void fullDiskAndMemoryAreNamed() {
    Exception task =
        new RuntimeException("Job aborted: java.io.IOException: No space left on device\n\tat x");
    assertThat(ErrorText.of(task)).startsWith("the disk is full");
    assertThat(ErrorText.exitCode(task)).isEqualTo(ExitCode.FAILURE);
    assertThat(ErrorText.of(new RuntimeException(new IOException("No space left on device"))))
        .contains("the disk is full");
    assertThat(ErrorText.of(new OutOfMemoryError("Java heap space")))
        .contains("out of memory")
        .contains("COPPICE_DRIVER_MEMORY");
  }

  @Test
  void circleOfCausesEnds() {
    RuntimeException first = new RuntimeException("a");
    RuntimeException second = new RuntimeException("b", first);
    first.initCause(second);
    assertThat(ErrorText.exitCode(first)).isEqualTo(ExitCode.FAILURE);
    assertThat(ErrorText.of(first)).contains("RuntimeException");
  }
}
