package dev.coppice.spark.als;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.EarlierRows;
import dev.coppice.core.als.InteractionBlock;
import dev.coppice.core.als.RowCode;
import dev.coppice.core.als.Side;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * The interactions on the cluster: once by user block and once by item block, as MLlib's in-blocks.
 * Every partition holds its blocks in ascending order, empty ones too.
 *
 * <p>Three shuffles of arrays lay them out: by item (which gives items their codes), by user (which
 * makes the user blocks), and by item again (which makes the item blocks). No id is collected.
 */
final class InteractionLayout {
  private final JavaRDD<Numbered<ItemDictionary>> dictionary;
  private JavaRDD<Numbered<InteractionBlock>> users;
  private JavaRDD<Numbered<InteractionBlock>> items;
  private final BlockPartitioner partitioner;
  private final RowCode code;
  private final BlockCounts userCounts;
  private final BlockCounts itemCounts;

  /**
   * Lays out interactions.
   *
   * @param interactions rows of (item long, user long, weight float)
   * @param given rows of an initial model, which may be kept without interactions; null for none
   * @param check what rows must pass
   */
  InteractionLayout(
      JavaRDD<InternalRow> interactions,
      InteractionCheck check,
      InitialBlocks given,
      AlsObjective objective,
      BlockPartitioner partitioner,
      StorageLevel storage) {
    this.partitioner = partitioner;
    int numBlocks = partitioner.blocks();
    this.code = RowCode.forBlocks(numBlocks);
    RowCode rowCode = code;
    double itemDebias = objective.itemDebias();
    JavaPairRDD<Integer, PairChunk> byItem =
        interactions.mapPartitionsToPair(rows -> new PairChunker(check.good(rows), numBlocks));
    dictionary =
        withKept(byItem, given, Side.ITEMS, ItemDictionary::of)
            .setName("item ids")
            .persist(storage);
    JavaPairRDD<Integer, CodedChunk> byUser =
        dictionary.flatMapToPair(
            d -> d.value().byUserBlock(d.block(), rowCode, numBlocks, itemDebias).iterator());
    users =
        withEarlier(
                given,
                Side.USERS,
                withKept(
                    byUser,
                    given,
                    Side.USERS,
                    (chunks, kept) -> UserBlocks.of(chunks, kept, objective)))
            .setName("interactions by user")
            .persist(storage);
    JavaPairRDD<Integer, ReturnChunk> back =
        users.flatMapToPair(
            u -> UserBlocks.byItemBlock(u.block(), u.value(), rowCode, numBlocks).iterator());
    items =
        withEarlier(
                given,
                Side.ITEMS,
                assemble(back, partitioner, (block, chunks) -> new ArrayList<>(chunks))
                    .zipPartitions(
                        dictionary,
                        (chunks, ids) ->
                            Zipped.of(
                                chunks,
                                ids,
                                (c, d) ->
                                    new Numbered<>(
                                        d.block(), ItemBlocks.of(d.value().ids(), c.value())))))
            .setName("interactions by item")
            .persist(storage);
    try {
      BlockCounts[] counts = BlockCounts.of(users, items, numBlocks);
      userCounts = counts[0];
      itemCounts = counts[1];
    } catch (Exception e) {
      // Spark throws checked exceptions without declaring them.
      unpersist();
      throw e;
    }
  }

  /** Makes something of what arrived for one block and of the ids kept there. */
  private interface KeepingMaker<C, T> extends java.io.Serializable {
    T make(List<C> chunks, KeptIds kept);
  }

  private static JavaRDD<Numbered<InteractionBlock>> withEarlier(
      InitialBlocks given, Side side, JavaRDD<Numbered<InteractionBlock>> blocks) {
    return given == null ? blocks : given.withEarlier(blocks, side);
  }

  /** {@link #assemble}, with rows for ids that are kept without an interaction. */
  private <C, T> JavaRDD<Numbered<T>> withKept(
      JavaPairRDD<Integer, C> chunks, InitialBlocks given, Side side, KeepingMaker<C, T> maker) {
    if (given == null) {
      return assemble(chunks, partitioner, (block, arrived) -> maker.make(arrived, KeptIds.NONE));
    }
    return assemble(chunks, partitioner, (block, arrived) -> new ArrayList<>(arrived))
        .zipPartitions(
            given.idsToKeep(side),
            (arrived, ids) ->
                Zipped.of(
                    arrived,
                    ids,
                    (a, kept) -> new Numbered<>(a.block(), maker.make(a.value(), kept.value()))));
  }

  /** Makes something of what arrived for one block. */
  interface BlockMaker<C, T> extends java.io.Serializable {
    T make(int block, List<C> chunks);
  }

  /** Brings chunks to their blocks and makes every block, those without a chunk too. */
  static <C, T> JavaRDD<Numbered<T>> assemble(
      JavaPairRDD<Integer, C> chunks, BlockPartitioner partitioner, BlockMaker<C, T> maker) {
    int step = partitioner.numPartitions();
    int numBlocks = partitioner.blocks();
    return chunks
        .partitionBy(partitioner)
        .mapPartitionsWithIndex(
            (partition, arrived) -> {
              List<List<C>> byBlock = new ArrayList<>();
              for (int block = partition; block < numBlocks; block += step) {
                byBlock.add(new ArrayList<>());
              }
              while (arrived.hasNext()) {
                Tuple2<Integer, C> chunk = arrived.next();
                byBlock.get((chunk._1() - partition) / step).add(chunk._2());
              }
              Iterator<List<C>> lists = byBlock.iterator();
              return new Iterator<Numbered<T>>() {
                private int block = partition;

                @Override
                public boolean hasNext() {
                  return lists.hasNext();
                }

                @Override
                public Numbered<T> next() {
                  List<C> list = lists.next();
                  Numbered<T> made = new Numbered<>(block, maker.make(block, list));
                  list.clear();
                  block += step;
                  return made;
                }
              };
            },
            false);
  }

  JavaRDD<Numbered<InteractionBlock>> interactions(Side side) {
    return side == Side.USERS ? users : items;
  }

  /**
   * From now on blocks name rows of the other side as {@link NeededRows} does. What is made of
   * their codes is to be there already.
   */
  void nameNeededRows(StorageLevel storage) {
    users = named(users, storage);
    items = named(items, storage);
  }

  private JavaRDD<Numbered<InteractionBlock>> named(
      JavaRDD<Numbered<InteractionBlock>> blocks, StorageLevel storage) {
    RowCode rowCode = code;
    int numBlocks = partitioner.blocks();
    JavaRDD<Numbered<InteractionBlock>> named =
        blocks
            .map(
                block ->
                    new Numbered<>(
                        block.block(),
                        NeededRows.of(block.value(), rowCode, numBlocks).named(block.value())))
            .setName(blocks.name())
            .persist(storage);
    named.count();
    blocks.unpersist(false);
    return named;
  }

  BlockCounts counts(Side side) {
    return side == Side.USERS ? userCounts : itemCounts;
  }

  BlockPartitioner partitioner() {
    return partitioner;
  }

  RowCode code() {
    return code;
  }

  /** Returns the ids of the item blocks, for coding other interactions alike. */
  JavaRDD<Numbered<ItemDictionary>> dictionary() {
    return dictionary;
  }

  /** Gives the storage back. */
  void unpersist() {
    dictionary.unpersist(false);
    users.unpersist(false);
    items.unpersist(false);
  }

  /**
   * How many rows and interactions each block holds.
   *
   * @param firstRows {@code long[blocks + 1]}: index of each block's first row in the whole table
   * @param interactions interactions of all blocks
   * @param activeRows rows with interactions, at hand or earlier
   * @param earlier what the rows were
   */
  record BlockCounts(long[] firstRows, long interactions, long activeRows, Earlier earlier) {

    /**
     * Of the rows of an earlier model whose scores are kept.
     *
     * @param rows how many there are
     * @param activeRows those with interactions
     * @param interactions of all of them
     */
    record Earlier(long rows, long activeRows, long interactions) {}

    /** Returns the counts of users and of items, from one job. */
    static BlockCounts[] of(
        JavaRDD<Numbered<InteractionBlock>> users,
        JavaRDD<Numbered<InteractionBlock>> items,
        int numBlocks) {
      List<long[]> counts =
          users
              .zipPartitions(
                  items,
                  (mine, theirs) ->
                      Zipped.of(
                          mine,
                          theirs,
                          (user, item) -> counts(user.block(), user.value(), item.value())))
              .collect();
      return new BlockCounts[] {of(counts, 1, numBlocks), of(counts, 1 + COUNTS, numBlocks)};
    }

    private static BlockCounts of(List<long[]> counts, int column, int numBlocks) {
      long[] first = new long[numBlocks + 1];
      long interactions = 0;
      long active = 0;
      long[] earlier = new long[3];
      for (long[] count : counts) {
        first[(int) count[0] + 1] = count[column];
        interactions += count[column + 1];
        active += count[column + 2];
        for (int i = 0; i < earlier.length; i++) {
          earlier[i] += count[column + 3 + i];
        }
      }
      for (int b = 0; b < numBlocks; b++) {
        first[b + 1] += first[b];
      }
      return new BlockCounts(
          first, interactions, active, new Earlier(earlier[0], earlier[1], earlier[2]));
    }

    private static final int COUNTS = 6;

    private static long[] counts(int block, InteractionBlock users, InteractionBlock items) {
      long[] counts = new long[1 + 2 * COUNTS];
      counts[0] = block;
      System.arraycopy(count(users), 0, counts, 1, COUNTS);
      System.arraycopy(count(items), 0, counts, 1 + COUNTS, COUNTS);
      return counts;
    }

    /** Rows, interactions, active rows, and of the earlier model the same three. */
    private static long[] count(InteractionBlock block) {
      long[] counts = {block.rows(), block.codes().length, 0, 0, 0, 0};
      EarlierRows earlier = block.earlier();
      for (int row = 0; row < block.rows(); row++) {
        counts[2] += block.allObservations(row) > 0 ? 1 : 0;
        if (earlier != null) {
          int before = earlier.observations()[row];
          counts[3] += before > 0 || earlier.rows().stored(row) > 0 ? 1 : 0;
          counts[4] += before > 0 ? 1 : 0;
          counts[5] += before;
        }
      }
      return counts;
    }

    long rows() {
      return firstRows[firstRows.length - 1];
    }
  }
}
