package dev.coppice.spark.als;

import dev.coppice.core.als.InteractionBlock;
import dev.coppice.core.als.Side;
import dev.coppice.core.table.SparseTable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;

/** The rows of an initial model on the cluster, each at the partition of its block. */
final class InitialBlocks {
  private final Map<Side, JavaRDD<Numbered<List<InitialChunk>>>> chunks = new EnumMap<>(Side.class);
  private final Map<Side, Boolean> important = new EnumMap<>(Side.class);
  private final boolean keepVanished;
  private final boolean keepScores;
  private final int rank;

  InitialBlocks(
      InitialTables tables, int rank, BlockPartitioner partitioner, StorageLevel storage) {
    keepVanished = tables.keepVanished();
    keepScores = tables.keepScores().isPresent();
    this.rank = rank;
    int numBlocks = partitioner.blocks();
    for (Side side : Side.values()) {
      InitialChunker.Columns columns = tables.columns(side);
      important.put(side, columns.important());
      JavaPairRDD<Integer, InitialChunk> byBlock =
          (side == Side.USERS ? tables.users() : tables.items())
              .queryExecution()
              .toRdd()
              .toJavaRDD()
              .mapPartitionsToPair(rows -> new InitialChunker(rows, numBlocks, rank, columns));
      JavaRDD<Numbered<List<InitialChunk>>> arrived =
          InteractionLayout.assemble(byBlock, partitioner, (block, list) -> new ArrayList<>(list));
      chunks.put(side, arrived.persist(storage));
    }
  }

  /** Whether the rows of a side come with importances. */
  boolean important(Side side) {
    return important.get(side);
  }

  /** Returns blocks with what their rows were, where the scores of these are kept. */
  JavaRDD<Numbered<InteractionBlock>> withEarlier(
      JavaRDD<Numbered<InteractionBlock>> interactions, Side side) {
    if (!keepScores) {
      return interactions;
    }
    int width = rank;
    return interactions.zipPartitions(
        chunks.get(side),
        (blocks, arrived) ->
            Zipped.of(
                blocks,
                arrived,
                (block, rows) ->
                    new Numbered<>(
                        block.block(),
                        block
                            .value()
                            .withEarlier(
                                InitialRows.of(block.value(), rows.value(), width).earlier()))));
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
  JavaRDD<Numbered<KeptIds>> idsToKeep(Side side) {
    boolean all = keepVanished;
    return chunks
        .get(side)
        .map(
            block -> new Numbered<>(block.block(), all ? KeptIds.of(block.value()) : KeptIds.NONE));
  }

  /** Gives the storage back. */
  void release() {
    chunks.values().forEach(rows -> rows.unpersist(false));
  }
}
