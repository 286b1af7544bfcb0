package dev.coppice.spark.stream;

import dev.coppice.core.error.BadInputException;
import dev.coppice.files.AtomicDirectory;
import dev.coppice.spark.store.EqualFiles;
import dev.coppice.spark.store.FoldedBatch;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * A directory of directories {@code batch=N}, each of which appears whole, by one rename: {@code
 * batch.json}, {@code histories/} and what else the batch has. What users had so far and what was
 * made of it lie in the same directory, so that no failure comes between the two.
 */
public final class BatchPlace {
  /** What a batch says of itself. */
  public static final String JSON = "batch.json";

  private static final String HISTORIES = "histories";
  private static final String PREFIX = "batch=";
  private static final int ROWS_OF_A_FILE = 200_000;

  private final SparkSession session;
  private final Configuration hadoop;
  private final Path place;
  private final FileSystem files;

  /** The directory at {@code place}, which need not exist. */
  public BatchPlace(SparkSession session, String place) throws IOException {
    this.session = session;
    hadoop = session.sparkContext().hadoopConfiguration();
    files = new Path(place).getFileSystem(hadoop);
    this.place = files.makeQualified(new Path(place));
  }

  /** Returns the directory of a batch, there or not. */
  public Path of(long batch) {
    return new Path(place, PREFIX + batch);
  }

  /**
   * Returns what a batch says of itself.
   *
   * @throws BadInputException if it is damaged
   */
  public Optional<FoldedBatch> read(long batch) throws IOException {
    Path json = new Path(of(batch), JSON);
    try (FSDataInputStream in = files.open(json)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Optional.of(FoldedBatch.of(json.toString(), text));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Returns the number of the newest batch. */
  public OptionalLong newest() throws IOException {
    return batches().stream().mapToLong(Long::longValue).max();
  }

  /** Returns the numbers of the batches that are there. */
  public List<Long> batches() throws IOException {
    List<Long> numbers = new ArrayList<>();
    if (files.exists(place)) {
      for (FileStatus status : files.listStatus(place)) {
        String name = status.getPath().getName();
        if (name.matches(PREFIX + "[0-9]{1,18}")) {
          numbers.add(Long.parseLong(name.substring(PREFIX.length())));
        }
      }
    }
    return numbers;
  }

  /** Begins the directory of a batch; what a killed run left of it is removed. */
  public AtomicDirectory begin(long batch) throws IOException {
    AtomicDirectory.clearLeftovers(hadoop, of(batch).toString());
    return new AtomicDirectory(hadoop, "place", of(batch).toString(), false);
  }

  /**
   * Writes rows in the order of a column: equal rows are equal files, whatever their partitions.
   */
  public static void write(Dataset<Row> rows, long count, String column, String path) {
    int parts = (int) Math.max(1, Math.min(10_000, (count + ROWS_OF_A_FILE - 1) / ROWS_OF_A_FILE));
    EqualFiles.write(
        rows.repartition(parts, functions.col(column))
            .sortWithinPartitions(functions.col(column), functions.col(rows.columns()[1])),
        path);
  }

  /** Writes the histories of a batch that is begun, and returns them as they are read. */
  public Dataset<Row> writeHistories(
      AtomicDirectory directory, Dataset<Row> histories, long count, StructType schema) {
    String path = directory.child(HISTORIES);
    write(histories, count, "user", path);
    return session.read().schema(schema).parquet(path);
  }

  /**
   * Returns the histories of all users.
   *
   * @param batches {@link FoldedBatch#histories}
   * @return null if there are none
   */
  public Dataset<Row> histories(List<Long> batches, StructType schema) {
    if (batches.isEmpty()) {
      return null;
    }
    Dataset<Row> all =
        session
            .read()
            .schema(schema)
            .parquet(
                batches.stream()
                    .map(batch -> new Path(of(batch), HISTORIES).toString())
                    .toArray(String[]::new));
    return batches.size() == 1 ? all : Histories.newest(all);
  }

  /**
   * Removes the histories that a whole one has taken the place of.
   *
   * @param before batches
   */
  public void removeHistories(List<Long> before) throws IOException {
    for (long batch : before) {
      files.delete(new Path(of(batch), HISTORIES), true);
    }
  }

  @Override
  public String toString() {
    return place.toString();
  }
}
