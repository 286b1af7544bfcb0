package dev.coppice.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.CoppiceException;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.LocalSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Missing and damaged tables are bad input; what the cluster does to a reader is not. */
class WholeTableTest {
  private static final int ROWS = 50;
  private static final String REMEDY = "Make it again.";

  private final SparkSession spark = LocalSpark.session();
  private final StructType schema = spark.range(0).schema();
  @TempDir private Path dir;
  private Path table;

  @BeforeEach
  void write() {
    Unreachable.register(spark.sparkContext().hadoopConfiguration());
    table = dir.resolve("a table");
    spark.range(0, ROWS, 1, 2).write().parquet(table.toString());
  }

  @AfterEach
  void reachable() {
    Unreachable.suffix = null;
  }

  private long read(String path, long rows) {
    return WholeTable.read(spark, schema, new org.apache.hadoop.fs.Path(path), rows, REMEDY)
        .count();
  }

  private void assertBadInput(String path, String words) {
    assertThatThrownBy(() -> read(path, ROWS))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(table.toString())
        .hasMessageContaining(words)
        .hasMessageEndingWith(REMEDY);
  }

  private List<Path> parts() throws IOException {
    try (Stream<Path> files = Files.list(table)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
  }

  /** Counted by the driver, and by a job. */
  @ParameterizedTest(name = "of {0} files")
  @ValueSource(ints = {2, WholeTable.FEW_FILES, WholeTable.FEW_FILES + 2})
  void missingAndDamagedTablesAreBadInput(int files) throws IOException {
    spark.range(0, ROWS, 1, files).write().mode("overwrite").parquet(table.toString());
    assertThat(parts()).hasSize(files);
    assertThat(read(table.toString(), ROWS)).isEqualTo(ROWS);
    assertThat(read(Unreachable.path(table), ROWS)).isEqualTo(ROWS);
    assertThatThrownBy(() -> read(table.toString(), ROWS + 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("holds 50 rows and should hold 51");

    Path part = parts().get(0);
    Files.deleteIfExists(table.resolve("." + part.getFileName() + ".crc"));
    byte[] whole = Files.readAllBytes(part);
    Files.write(part, Arrays.copyOf(whole, whole.length / 2));
    assertBadInput(table.toString(), "cannot be read: ");
    assertBadInput(Unreachable.path(table), "cannot be read: ");
    Files.writeString(part, "no Parquet");
    assertBadInput(table.toString(), "is not a Parquet file");

    Files.delete(part);
    assertBadInput(table.toString(), "rows and should hold 50");
    Files.move(table, dir.resolve("elsewhere"));
    assertBadInput(table.toString(), "cannot be read: it is missing");
  }

  /** What stands before the last four bytes of a Parquet file: the length of its footer. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 0x7FFF_FFFFL, 0x8000_0000L, 3_491_109_913L, 0xFFFF_FFFFL})
  void aFooterOfAnotherLengthIsBadInput(long length) throws IOException {
    Path part = parts().get(0);
    Files.delete(part.resolveSibling("." + part.getFileName() + ".crc"));
    byte[] bytes = Files.readAllBytes(part);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(bytes.length - 2 * Integer.BYTES, (int) length);
    Files.write(part, bytes);
    assertBadInput(table.toString(), "cannot be read: ");
  }

  @Test
  void aChangedByteThatHadoopFindsIsBadInput() throws IOException {
    Path part = parts().get(0);
    byte[] bytes = Files.readAllBytes(part);
    bytes[bytes.length - 20] ^= 1;
    Files.write(part, bytes);
    assertBadInput(table.toString(), "cannot be read: Checksum error");
  }

  @ParameterizedTest(name = "one of {0}")
  @ValueSource(ints = {2, WholeTable.FEW_FILES + 2})
  void aFileOutOfReachIsNoBadInput(int files) {
    spark.range(0, ROWS, 1, files).write().mode("overwrite").parquet(table.toString());
    Unreachable.suffix = ".parquet";
    assertThatThrownBy(() -> read(Unreachable.path(table), ROWS))
        .isNotInstanceOf(CoppiceException.class)
        // As a cause or in the text of the failed task, by the release of Spark.
        .hasStackTraceContaining(ConnectException.class.getName() + ": connect timed out");
  }

  @Test
  void aStoppedSessionIsNoBadInput() {
    // What a stopped context knows of itself; really stopped, it would be lost for other tests.
    spark.sparkContext().stopped().set(true);
    try {
      assertThatThrownBy(() -> read(table.toString(), ROWS))
          .isNotInstanceOf(CoppiceException.class);
    } finally {
      spark.sparkContext().stopped().set(false);
    }
    assertThat(read(table.toString(), ROWS)).isEqualTo(ROWS);
  }

  @Test
  void inputsOutOfReachAreNoBadInputEither() throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Path file = Files.writeString(dir.resolve("manifest.json"), "{}");
    String far = Unreachable.path(file);
    assertThat(InputFiles.firstLine(hadoop, List.of(new org.apache.hadoop.fs.Path(far))))
        .contains("{}");
    Unreachable.suffix = ".json";
    assertThatThrownBy(
            () -> InputFiles.firstLine(hadoop, List.of(new org.apache.hadoop.fs.Path(far))))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("manifest.json cannot be read");
    assertThatThrownBy(() -> CanonicalDataset.open(spark, Unreachable.path(dir)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("cannot be read");
  }
}
