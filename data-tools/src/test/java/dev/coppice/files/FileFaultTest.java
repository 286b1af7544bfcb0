package dev.coppice.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParseException;
import dev.coppice.core.error.BadInputException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FileFaultTest {
  private static final Path PLACE = new Path("hdfs://name:8020/models/a b/users");

  /** A job whose task failed while it read a file of the place. */
  private static Exception job(Throwable cause) {
    return new SparkException(
        "Job aborted due to stage failure: Lost task 0.0 in stage 1.0",
        new RuntimeException(
            "Encountered error while reading file hdfs://name:8020"
                + PLACE.toUri().getRawPath()
                + "/part-0",
            cause));
  }

  static List<Throwable> faults() {
    return List.of(
        new FileNotFoundException("File /models/a b/users/part-0 does not exist"),
        new AccessDeniedException("/models/a b/users"),
        new ChecksumException("Checksum error: /models/a b/users/part-0 at 0", 0),
        new IOException("/models/a b/users: can not read class PageHeader"),
        new RuntimeException("hdfs://name:8020/models/a b/users/part-0 is not a Parquet file"),
        new UncheckedIOException("cannot read /models/a b/users", new EOFException()),
        job(new EOFException("reached the end")),
        job(new JsonParseException(null, "unexpected end")),
        job(new IndexOutOfBoundsException("17")));
  }

  static List<Throwable> failures() {
    return List.of(
        new IllegalStateException("Cannot call methods on a stopped SparkContext"),
        new SparkException("Job 7 cancelled as part of cancellation of all jobs", null),
        new SparkException("Job aborted due to stage failure: ExecutorLostFailure", null),
        new ConnectException("/models/a b/users: call to name:8020 failed"),
        new IOException("Failed on local exception: /models/a b/users; Host Details : local"),
        new IOException("/models/a b/users: Filesystem closed"),
        new BadInputException("rank of /models/a b/users is 3"),
        job(new SocketTimeoutException("60000 millis timeout")),
        job(new UncheckedIOException(new IOException("Connection reset by peer"))),
        job(new IOException("No space left on device")),
        job(new InterruptedException()),
        job(new TimeoutException()),
        job(new OutOfMemoryError("Java heap space")));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void faultsOfAFile(Throwable error) {
    assertThat(FileFault.explains(error)).isTrue();
    assertThat(FileFault.explains(error, PLACE)).isTrue();
    assertThat(FileFault.explains(error, new Path("hdfs://name:8020/models/other"))).isFalse();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void failuresOfTheCluster(Throwable error) {
    assertThat(FileFault.explains(error)).isFalse();
    assertThat(FileFault.explains(error, PLACE)).isFalse();
    assertThat(FileFault.damage(error)).isEmpty();
  }

  @Test
  void filesThatSparkLostAreNotOfThePlace() {
    Exception shuffle =
        new SparkException(
            "Job aborted", new FileNotFoundException("/tmp/blockmgr-1/shuffle_0_0_0.data"));
    assertThat(FileFault.explains(shuffle, PLACE)).isFalse();
  }

  @Test
  void aDamagedFileOfChecksumsIsTheFaultOfTheFile() {
    ArithmeticException divided = new ArithmeticException("/ by zero");
    assertThat(FileFault.explains(divided)).isFalse();
    divided.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement("org.apache.hadoop.fs.ChecksumFileSystem", "open", "", 1)
        });
    assertThat(FileFault.explains(job(new IOException("Encountered", divided)))).isTrue();
    assertThat(FileFault.explains(divided)).isTrue();
  }

  @Test
  void damageAndReasonAreOneLine() {
    assertThat(FileFault.damage(new RuntimeException("Job\n file:/a is not a Parquet file. \n at")))
        .contains("file:/a is not a Parquet file.");
    assertThat(FileFault.damage(new IOException("no"))).isEmpty();
    assertThat(FileFault.reason(job(new IOException(" it is short.\n\tat x"))))
        .isEqualTo("it is short");
    assertThat(FileFault.isFullDisk(job(new IOException("Disk quota exceeded")))).isTrue();
    assertThat(FileFault.isFullDisk(job(new IOException("short")))).isFalse();
  }
}
