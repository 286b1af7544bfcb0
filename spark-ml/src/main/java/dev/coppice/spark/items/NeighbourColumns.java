package dev.coppice.spark.items;

import dev.coppice.core.items.CoOccurrences;
import dev.coppice.core.items.Histories;
import dev.coppice.core.items.HistoryCut;
import dev.coppice.core.items.NeighbourCandidates;
import dev.coppice.core.items.NeighbourEquations;
import dev.coppice.core.items.NeighbourSystem;
import dev.coppice.core.mask.BucketCounts;
import dev.coppice.core.mask.KeyPrefix;
import dev.coppice.core.mask.ScoreHistogram;
import dev.coppice.core.mask.Threshold;
import dev.coppice.core.mask.ThresholdSearch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * The columns of G over the cluster, and what is found in them.
 *
 * <p>An item belongs to the partition of its code modulo their number. Each partition holds the
 * histories that have one of its items, and sums the columns of G of its items from them, one at a
 * time: once to find candidates, once to answer what the systems of other items need. G itself is
 * never stored. All sums are exact, so neither partitions nor executors change a bit of the result.
 */
final class NeighbourColumns {
  private static final StorageLevel STORAGE = StorageLevel.MEMORY_AND_DISK();

  /** Interactions of items of a partition; their users' whole histories lie there. */
  private static final long PARTITION_INTERACTIONS = 1L << 22;

  private final NeighbourSpec spec;
  private final Broadcast<HistoryTotals> totals;
  private final int partitions;
  private final JavaRDD<Histories> histories;
  private final List<Runnable> releases = new ArrayList<>();
  private JavaRDD<Support> supports;

  /** Times a step. */
  @FunctionalInterface
  interface Phases {
    <T> T run(String name, Supplier<T> work);
  }

  NeighbourColumns(
      JavaSparkContext spark,
      NeighbourSpec spec,
      JavaRDD<int[]> lists,
      Broadcast<HistoryTotals> totals) {
    this.spec = spec;
    this.totals = totals;
    long least =
        Math.max(2L * spark.defaultParallelism(), totals.value().read / PARTITION_INTERACTIONS);
    int parts = spec.numPartitions() > 0 ? spec.numPartitions() : (int) Math.min(least, 1 << 16);
    partitions = parts;
    int most = spec.maxHistory();
    NeighbourSpec told = spec;
    int items = totals.value().degrees.length;
    histories =
        lists
            .flatMapToPair(list -> routed(HistoryCut.cut(list, most), parts))
            .partitionBy(new HashPartitioner(parts))
            .values()
            .mapPartitionsWithIndex((part, all) -> block(all, told, items, part, parts), true)
            .persist(STORAGE);
    releases.add(histories::unpersist);
  }

  /** Frees what the columns keep. */
  void release() {
    releases.forEach(Runnable::run);
  }

  /** Sends a history to every partition that has one of its items. */
  private static Iterator<Tuple2<Integer, int[]>> routed(int[] history, int parts) {
    return Arrays.stream(history)
        .map(item -> item % parts)
        .distinct()
        .mapToObj(part -> new Tuple2<>(part, history))
        .iterator();
  }

  private static Iterator<Histories> block(
      Iterator<int[]> all, NeighbourSpec spec, int items, int part, int parts) {
    Histories.Builder builder = new Histories.Builder(spec.weight());
    all.forEachRemaining(builder::add);
    return List.of(builder.build(items, item -> item % parts == part)).iterator();
  }

  /**
   * Chooses every item's neighbours: of all candidates of all items those of the largest gain.
   *
   * @param budget how many there may be
   */
  void choose(long budget, Phases phases) {
    int parts = partitions;
    NeighbourSpec told = spec;
    Broadcast<HistoryTotals> shared = totals;
    JavaRDD<Support> candidates =
        histories
            .mapPartitionsWithIndex(
                (part, blocks) -> candidates(blocks.next(), part, parts, told, shared.value()),
                true)
            .persist(STORAGE);
    releases.add(candidates::unpersist);
    long found =
        phases.run(
            "find candidates",
            () -> candidates.map(support -> (long) support.items().length).fold(0L, Long::sum));
    Threshold threshold =
        phases.run("choose neighbours", () -> threshold(candidates, Math.min(budget, found)));
    supports = candidates.map(support -> support.taken(threshold));
  }

  /** Goes through all items of a partition, those that no history holds too. */
  private static Iterator<Support> candidates(
      Histories block, int part, int parts, NeighbourSpec spec, HistoryTotals totals) {
    int items = totals.degrees.length;
    CoOccurrences column = new CoOccurrences(items);
    NeighbourCandidates search =
        new NeighbourCandidates(totals.diagonal, totals.ridge(spec), spec.mostPerItem());
    return IntStream.iterate(part, item -> item < items, item -> item + parts)
        .mapToObj(
            item -> {
              block.column(item, column);
              return new Support(item, search.best(column, item));
            })
        .iterator();
  }

  private static Threshold threshold(JavaRDD<Support> candidates, long need) {
    ThresholdSearch search = new ThresholdSearch(need);
    while (!search.done()) {
      KeyPrefix prefix = search.prefix();
      int level = search.level();
      ScoreHistogram all = new ScoreHistogram();
      candidates
          .mapPartitions(part -> List.of(counts(part, prefix, level)).iterator())
          .treeReduce(BucketCounts::plus)
          .addTo(all);
      search.accept(all.grow());
    }
    return search.threshold();
  }

  private static BucketCounts counts(Iterator<Support> part, KeyPrefix prefix, int level) {
    ScoreHistogram histogram = new ScoreHistogram();
    part.forEachRemaining(support -> support.count(prefix, level, histogram));
    return BucketCounts.of(histogram);
  }

  /** Solves the weights of every item's neighbours. */
  JavaRDD<ItemNeighbours> solved() {
    int parts = partitions;
    HashPartitioner byItem = new HashPartitioner(parts);
    NeighbourSpec told = spec;
    Broadcast<HistoryTotals> shared = totals;
    JavaRDD<Wish> wishes =
        supports.flatMapToPair(support -> support.wishes(parts)).partitionBy(byItem).values();
    JavaRDD<Answers> answers =
        histories
            .zipPartitions(
                wishes, (blocks, asked) -> answers(blocks.next(), asked, shared.value(), parts))
            .mapToPair(answer -> new Tuple2<>(answer.targets()[0] % parts, answer))
            .partitionBy(byItem)
            .values();
    return supports.zipPartitions(
        answers, (own, equations) -> solved(own, equations, shared.value().ridge(told)));
  }

  /** Answers the wishes that a block's items are neighbours of, column by column. */
  private static Iterator<Answers> answers(
      Histories block, Iterator<Wish> asked, HistoryTotals totals, int parts) {
    Map<Integer, List<Wish>> byNeighbour = new TreeMap<>();
    CoOccurrences column = new CoOccurrences(totals.degrees.length);
    asked.forEachRemaining(
        wish -> {
          for (int neighbour : wish.neighbours()) {
            if (block.holds(neighbour)) {
              byNeighbour.computeIfAbsent(neighbour, key -> new ArrayList<>()).add(wish);
            }
          }
        });
    Iterator<Map.Entry<Integer, List<Wish>>> neighbours = byNeighbour.entrySet().iterator();
    return new Iterator<>() {
      private Iterator<Answers> batch = List.<Answers>of().iterator();

      @Override
      public boolean hasNext() {
        while (!batch.hasNext() && neighbours.hasNext()) {
          Map.Entry<Integer, List<Wish>> next = neighbours.next();
          block.column(next.getKey(), column);
          batch = batches(next.getKey(), next.getValue(), column, parts);
        }
        return batch.hasNext();
      }

      @Override
      public Answers next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return batch.next();
      }
    };
  }

  /** The equations that one column gives, a batch for each partition that they go to. */
  private static Iterator<Answers> batches(
      int neighbour, List<Wish> wishes, CoOccurrences column, int parts) {
    Map<Integer, List<Wish>> byPart = new HashMap<>();
    for (Wish wish : wishes) {
      byPart.computeIfAbsent(wish.target() % parts, key -> new ArrayList<>()).add(wish);
    }
    return byPart.values().stream().map(batch -> batch(neighbour, batch, column)).iterator();
  }

  private static Answers batch(int neighbour, List<Wish> wishes, CoOccurrences column) {
    int[] targets = new int[wishes.size()];
    int[] positions = new int[wishes.size()];
    int length = 0;
    for (int w = 0; w < targets.length; w++) {
      targets[w] = wishes.get(w).target();
      positions[w] = Arrays.binarySearch(wishes.get(w).neighbours(), neighbour);
      length = Math.addExact(length, NeighbourEquations.length(positions[w]));
    }
    float[] values = new float[length];
    int at = 0;
    for (int w = 0; w < targets.length; w++) {
      NeighbourEquations.take(
          column, wishes.get(w).neighbours(), positions[w], targets[w], values, at);
      at += NeighbourEquations.length(positions[w]);
    }
    return new Answers(targets, positions, values);
  }

  /** Solves the systems of a partition, which are held together. */
  private static Iterator<ItemNeighbours> solved(
      Iterator<Support> own, Iterator<Answers> answers, double ridge) {
    List<Support> supports = new ArrayList<>();
    Map<Integer, NeighbourEquations> systems = new HashMap<>();
    own.forEachRemaining(
        support -> {
          supports.add(support);
          systems.put(support.target(), new NeighbourEquations(support.items().length));
        });
    answers.forEachRemaining(
        answer -> {
          int at = 0;
          for (int a = 0; a < answer.targets().length; a++) {
            int position = answer.positions()[a];
            systems.get(answer.targets()[a]).put(position, answer.values(), at);
            at += NeighbourEquations.length(position);
          }
        });
    NeighbourSystem solver = new NeighbourSystem();
    return supports.stream()
        .map(
            support ->
                new ItemNeighbours(
                    support.target(),
                    support.items(),
                    solver.solve(systems.remove(support.target()), ridge)))
        .iterator();
  }
}
