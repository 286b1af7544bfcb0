package dev.coppice.spark.checkpoint;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;

/** The rows of a table in files, one a partition, written and read by the executors. */
final class TableFiles {
  private static final int BUFFER = 1 << 16;

  private TableFiles() {}

  /**
   * Writes all blocks.
   *
   * @param directory where to; made if it is not there
   * @return one entry a block, by number
   */
  static List<StoredBlock> write(
      JavaRDD<BlockRows> rows, SerializableConfiguration hadoop, Path directory) {
    String target = directory.toString();
    List<StoredBlock> stored =
        new ArrayList<>(
            rows.mapPartitions(blocks -> write(blocks, hadoop, target).iterator()).collect());
    stored.sort(Comparator.comparingInt(StoredBlock::block));
    return stored;
  }

  private static List<StoredBlock> write(
      Iterator<BlockRows> blocks, SerializableConfiguration hadoop, String directory)
      throws IOException {
    TaskContext task = TaskContext.get();
    // Two attempts of one task never write the same file; the manifest names the one that counts.
    String name = "part-" + task.partitionId() + "-" + task.taskAttemptId();
    Path file = new Path(directory, name);
    FileSystem fs = file.getFileSystem(hadoop.value());
    List<StoredBlock> stored = new ArrayList<>();
    long offset = 0;
    try (OutputStream out = new BufferedOutputStream(fs.create(file, true), BUFFER)) {
      while (blocks.hasNext()) {
        StoredBlock block = BlockCodec.write(blocks.next(), out, name, offset);
        stored.add(block);
        offset += block.length();
      }
    }
    return stored;
  }

  /**
   * Reads all blocks, each at partition (block modulo partitions), ascending.
   *
   * @param checkpoint the checkpoint, for messages
   * @param directory where the files are
   * @throws dev.coppice.core.error.BadInputException in the tasks, if a block is missing or damaged
   */
  static JavaRDD<BlockRows> read(
      JavaSparkContext spark,
      List<StoredBlock> blocks,
      SerializableConfiguration hadoop,
      String checkpoint,
      Path directory,
      int partitions) {
    String source = directory.toString();
    List<StoredBlock> all = new ArrayList<>(blocks);
    return spark
        .parallelize(IntStream.range(0, partitions).boxed().toList(), partitions)
        .flatMap(
            first ->
                IntStream.iterate(first, block -> block < all.size(), block -> block + partitions)
                    .mapToObj(block -> read(all.get(block), hadoop, checkpoint, source))
                    .iterator());
  }

  private static BlockRows read(
      StoredBlock block, SerializableConfiguration hadoop, String checkpoint, String directory) {
    Path file = new Path(directory, block.file());
    try {
      FileSystem fs = file.getFileSystem(hadoop.value());
      try (FSDataInputStream in = fs.open(file)) {
        in.seek(block.offset());
        InputStream buffered = new BufferedInputStream(in, BUFFER);
        return BlockCodec.read(buffered, block);
      }
    } catch (FileNotFoundException e) {
      throw ManifestJson.damaged(checkpoint, file + " is missing", e);
    } catch (DamagedBlockException | ChecksumException | java.io.EOFException e) {
      String reason = e instanceof DamagedBlockException ? e.getMessage() : "it cannot be read";
      throw ManifestJson.damaged(
          checkpoint, "block " + block.block() + " in " + file + ": " + reason, e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
