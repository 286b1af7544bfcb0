package dev.coppice.spark.als;

import dev.coppice.core.als.Side;
import dev.coppice.core.table.SparseTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;

/** The rows of an initial model on the cluster, each at the partition of its block. */
final class InitialBlocks {
  private final Map<Side, JavaRDD<Numbered<List<InitialChunk>>>> chunks = new EnumMap<>(Side.class);
  private final Map<Side, Boolean> important = new EnumMap<>(Side.class);
  private final boolean keepVanished;

  InitialBlocks(
      InitialTables tables, int rank, BlockPartitioner partitioner, StorageLevel storage) {
    keepVanished = tables.keepVanished();
    int numBlocks = partitioner.blocks();
    for (Side side : Side.values()) {
      boolean withImportance = tables.important(side);
      important.put(side, withImportance);
      JavaPairRDD<Integer, InitialChunk> byBlock =
          (side == Side.USERS ? tables.users() : tables.items())
              .queryExecution()
              .toRdd()
              .toJavaRDD()
              .mapPartitionsToPair(
                  rows -> new InitialChunker(rows, numBlocks, rank, withImportance));
      JavaRDD<Numbered<List<InitialChunk>>> arrived =
          InteractionLayout.assemble(byBlock, partitioner, (block, list) -> new ArrayList<>(list));
      chunks.put(side, arrived.persist(storage));
    }
  }

  /** Whether the rows of a side come with importances. */
  boolean important(Side side) {
    return important.get(side);
  }

  /**
   * Returns the rows of a side in the order of the blocks of the data, every block at its place.
   */
  JavaRDD<Numbered<InitialRows>> aligned(InteractionLayout layout, Side side, int rank) {
    return layout
        .interactions(side)
        .zipPartitions(
            chunks.get(side),
            (blocks, arrived) ->
                Zipped.of(
                    blocks,
                    arrived,
                    (block, rows) ->
                        new Numbered<>(
                            block.block(), InitialRows.of(block.value(), rows.value(), rank))));
  }

  /** Returns how important the weights of the rows were; null if that is not known. */
  JavaRDD<Numbered<SparseTable>> importance(InteractionLayout layout, Side side, int rank) {
    return important(side)
        ? aligned(layout, side, rank)
            .map(rows -> new Numbered<>(rows.block(), rows.value().importanceOrNone()))
        : null;
  }

  /**
   * Returns the ids that have a row whether they have interactions or not, every block at its
   * partition.
   */
  JavaRDD<Numbered<long[]>> idsToKeep(Side side) {
    boolean all = keepVanished;
    return chunks
        .get(side)
        .map(
            block -> {
              LongStream ids =
                  block.value().stream().flatMapToLong(chunk -> Arrays.stream(chunk.ids()));
              return new Numbered<>(block.block(), all ? ids.toArray() : new long[0]);
            });
  }

  /** Gives the storage back. */
  void release() {
    chunks.values().forEach(rows -> rows.unpersist(false));
  }
}
