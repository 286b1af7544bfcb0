package dev.coppice.spark.als;

import dev.coppice.core.als.RowCode;
import dev.coppice.core.als.Side;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.eval.MetricsAccumulator;
import dev.coppice.core.eval.PopularityRanking;
import dev.coppice.core.eval.RankingMetrics;
import dev.coppice.core.table.SparseTable;
import dev.coppice.core.topk.ItemIndex;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Ranking metrics of the present tables on held-out interactions, after every sweep: full ranking
 * over all items that a user has not in training, equal scores by id. Held-out items that training
 * does not know count as missed; held-out users that it does not know are counted and left out.
 */
final class Validation {
  private final InteractionLayout layout;
  private final List<MetricKey> metrics;
  private final Broadcast<ItemPlaces> places;
  private final JavaRDD<Numbered<HeldOut>> heldOut;
  private final int rank;
  private final boolean broadcast;

  /**
   * Lays out the held-out interactions.
   *
   * @param interactions rows of (item long, user long, weight float)
   * @param check what rows must pass
   * @param broadcast whether the item table may be sent to every executor
   */
  Validation(
      JavaRDD<InternalRow> interactions,
      InteractionCheck check,
      InteractionLayout layout,
      List<MetricKey> metrics,
      int rank,
      boolean broadcast,
      StorageLevel storage) {
    this.layout = layout;
    this.metrics = metrics;
    this.rank = rank;
    this.broadcast = broadcast;
    BlockPartitioner partitioner = layout.partitioner();
    int numBlocks = partitioner.blocks();
    RowCode code = layout.code();
    places =
        JavaSparkContext.fromSparkContext(interactions.context())
            .broadcast(ItemPlaces.of(layout.interactions(Side.ITEMS), numBlocks));
    Broadcast<ItemPlaces> shared = places;
    JavaPairRDD<Integer, PairChunk> byItem =
        interactions.mapPartitionsToPair(rows -> new PairChunker(check.good(rows), numBlocks));
    JavaPairRDD<Integer, CodedChunk> byUser =
        InteractionLayout.assemble(byItem, partitioner, (block, chunks) -> new ArrayList<>(chunks))
            .zipPartitions(
                layout.dictionary(),
                (chunks, ids) ->
                    Zipped.of(
                        chunks,
                        ids,
                        (c, d) ->
                            new Numbered<>(
                                c.block(),
                                code(c.block(), c.value(), d.value().ids(), code, shared.value()))))
            .flatMapToPair(coded -> coded.value().iterator());
    heldOut =
        InteractionLayout.assemble(byUser, partitioner, (block, chunks) -> new ArrayList<>(chunks))
            .zipPartitions(
                layout.interactions(Side.USERS),
                (chunks, users) ->
                    Zipped.of(
                        chunks,
                        users,
                        (c, u) ->
                            new Numbered<>(
                                u.block(), HeldOut.of(u.value(), c.value(), code, shared.value()))))
            .setName("held-out interactions")
            .persist(storage);
  }

  /** Writes items as places; unknown ones as negative numbers of their own. */
  private static List<Tuple2<Integer, CodedChunk>> code(
      int block, List<PairChunk> chunks, long[] ids, RowCode code, ItemPlaces places) {
    int numBlocks = places.places().length;
    ItemDictionary all = ItemDictionary.of(chunks);
    int[] codes = new int[all.ids().length];
    int[] known = PrimitiveArrays.locals(ids, all.ids());
    int unknown = 0;
    for (int item = 0; item < codes.length; item++) {
      codes[item] =
          known[item] >= 0
              ? places.places()[block][known[item]]
              : -1 - code.encode(block, unknown++);
    }
    int[][] groups = all.membersByUserBlock(numBlocks);
    List<Tuple2<Integer, CodedChunk>> coded = new ArrayList<>();
    for (int target = 0; target < numBlocks; target++) {
      int[] members = groups[target];
      long[] users = new long[members.length];
      int[] items = new int[members.length];
      for (int m = 0; m < members.length; m++) {
        users[m] = all.users()[members[m]];
        items[m] = codes[all.locals()[members[m]]];
      }
      if (members.length > 0) {
        coded.add(new Tuple2<>(target, new CodedChunk(users, items, null, null)));
      }
    }
    return coded;
  }

  /** Returns the mean of every metric over the users with held-out items, by name. */
  Map<String, Double> evaluate(
      JavaRDD<Numbered<SparseTable>> users, JavaRDD<Numbered<SparseTable>> items) {
    int k = new RankingMetrics(metrics).depth();
    JavaRDD<Numbered<Ranked>> ranked =
        broadcast ? byBroadcast(users, items, k) : byBlocks(users, items, k);
    List<MetricKey> keys = metrics;
    return means(
        ranked.map(
            block -> {
              int[][] lists = block.value().lists().items();
              return sum(keys, block.value().heldOut(), n -> lists[n]);
            }));
  }

  /** Returns the same means for the popularity baseline. */
  Map<String, Double> popularity() {
    int k = new RankingMetrics(metrics).depth();
    List<MetricKey> keys = metrics;
    Broadcast<ItemPlaces> shared = places;
    return means(
        heldOut.mapPartitions(
            blocks -> {
              PopularityRanking popular = new PopularityRanking(shared.value().degrees());
              int[] list = new int[k];
              return new Mapped<>(
                  blocks,
                  block -> {
                    HeldOut held = block.value();
                    return sum(
                        keys,
                        held,
                        n ->
                            Arrays.copyOf(
                                list,
                                popular.recommend(
                                    held.seen(),
                                    held.seenOffsets()[n],
                                    held.seenOffsets()[n + 1],
                                    list)));
                  });
            }));
  }

  /** Adds the metrics of the users of a block, given their lists. */
  private static MetricsAccumulator sum(
      List<MetricKey> keys, HeldOut heldOut, IntFunction<int[]> lists) {
    RankingMetrics perUser = new RankingMetrics(keys);
    MetricsAccumulator sum = new MetricsAccumulator(keys.size());
    double[] values = new double[keys.size()];
    for (int n = 0; n < heldOut.rows().length; n++) {
      int[] list = lists.apply(n);
      perUser.evaluate(list, list.length, heldOut.test(n), values);
      sum.add(values);
    }
    return sum;
  }

  private Map<String, Double> means(JavaRDD<MetricsAccumulator> sums) {
    return MetricKey.byName(sums.treeReduce(MetricsAccumulator::merge).means(metrics));
  }

  /** Held-out items and the lists made for them. */
  record Ranked(HeldOut heldOut, TopLists lists) implements Serializable {}

  /** Held-out items and the rows of their users. */
  record Asking(HeldOut heldOut, SparseTable users) implements Serializable {}

  private JavaRDD<Numbered<Asking>> asking(JavaRDD<Numbered<SparseTable>> users) {
    return heldOut.zipPartitions(
        users,
        (held, tables) ->
            Zipped.of(
                held,
                tables,
                (h, t) -> new Numbered<>(h.block(), new Asking(h.value(), t.value()))));
  }

  private JavaRDD<Numbered<Ranked>> byBroadcast(
      JavaRDD<Numbered<SparseTable>> users, JavaRDD<Numbered<SparseTable>> items, int k) {
    Broadcast<ItemPlaces> order = places;
    int width = rank;
    Broadcast<List<Numbered<SparseTable>>> shared =
        JavaSparkContext.fromSparkContext(items.context())
            .broadcast(new ArrayList<>(items.collect()));
    return asking(users)
        .mapPartitions(
            blocks -> {
              ItemIndex index = TopLists.index(order.value(), width, shared.value());
              return new Mapped<>(
                  blocks,
                  a -> {
                    HeldOut held = a.value().heldOut();
                    TopLists lists = TopLists.rank(held, a.value().users(), index, k);
                    return new Numbered<>(a.block(), new Ranked(held, lists));
                  });
            });
  }

  private JavaRDD<Numbered<Ranked>> byBlocks(
      JavaRDD<Numbered<SparseTable>> users, JavaRDD<Numbered<SparseTable>> items, int k) {
    Broadcast<ItemPlaces> order = places;
    int width = rank;
    JavaPairRDD<Integer, TopLists> lists =
        asking(users)
            .cartesian(items)
            .mapToPair(
                pair -> {
                  Asking a = pair._1().value();
                  ItemIndex index =
                      TopLists.index(order.value(), width, Collections.singleton(pair._2()));
                  return new Tuple2<>(
                      pair._1().block(), TopLists.rank(a.heldOut(), a.users(), index, k));
                })
            .reduceByKey(layout.partitioner(), (a, b) -> a.merge(b, k));
    return InteractionLayout.assemble(lists, layout.partitioner(), (block, all) -> all.get(0))
        .zipPartitions(
            heldOut,
            (made, held) ->
                Zipped.of(
                    made,
                    held,
                    (m, h) -> new Numbered<>(h.block(), new Ranked(h.value(), m.value()))));
  }

  /** Gives the storage back. */
  void unpersist() {
    heldOut.unpersist(false);
    places.unpersist(false);
  }
}
