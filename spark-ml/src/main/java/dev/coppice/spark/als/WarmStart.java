package dev.coppice.spark.als;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.BiasRows;
import dev.coppice.core.als.Side;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.mask.BucketCounts;
import dev.coppice.core.mask.BudgetFit;
import dev.coppice.core.mask.InitialBlock;
import dev.coppice.core.mask.KeyPrefix;
import dev.coppice.core.mask.ScoreHistogram;
import dev.coppice.core.table.Budget;
import dev.coppice.core.table.SparseTable;
import java.io.Serializable;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;

/**
 * Rows of an initial model, fitted to the budget of this run (docs/design.md section 5). They go to
 * their blocks by id in one shuffle; counts alone reach the driver.
 */
final class WarmStart implements Start {
  private final Plan plan;
  private final InitialBlocks tables;
  private final long seed;
  private final Map<Side, JavaRDD<Numbered<InitialRows>>> aligned = new EnumMap<>(Side.class);
  private final Map<Side, BudgetFit.Cut> cuts = new EnumMap<>(Side.class);
  private final Map<Side, InitialCounts> counts = new EnumMap<>(Side.class);

  WarmStart(Plan plan, InitialBlocks tables, long seed) {
    this.plan = plan;
    this.tables = tables;
    this.seed = seed;
  }

  @Override
  public Map<Side, InitialCounts> counts() {
    return counts;
  }

  @Override
  public JavaRDD<Numbered<SparseTable>> rows(Side side) {
    if (cuts.isEmpty()) {
      fitBoth();
    }
    BudgetFit.Cut cut = cuts.get(side);
    Budget budget = plan.budget(side);
    long[] firstRows = plan.layout().counts(side).firstRows();
    Held held = held(side);
    long startSeed = side.startSeed(seed);
    boolean foldIn = plan.continuation().foldIn();
    return aligned
        .get(side)
        .zipPartitions(
            plan.layout().interactions(side),
            (rows, blocks) ->
                Zipped.of(
                    rows,
                    blocks,
                    (row, interactions) ->
                        new Numbered<>(
                            row.block(),
                            held.objective()
                                .start(
                                    fit(
                                        block(row, budget, firstRows, held),
                                        cut,
                                        interactions.value().ids(),
                                        startSeed,
                                        foldIn)))));
  }

  /**
   * Finds the cuts of both sides. A job counts both, and the first one all that does not depend on
   * an answer: on small data it is the number of jobs that takes the time.
   */
  private void fitBoth() {
    Map<Side, Counting> first = new EnumMap<>(Side.class);
    for (Side side : Side.values()) {
      aligned.put(
          side,
          tables.aligned(plan.layout(), side, plan.budget(side).rank()).persist(plan.storage()));
      first.put(side, counting(side, true, BudgetFit.FIRST, BudgetFit.FIRST));
    }
    Map<Side, Tally> tallies = count(first);
    Map<Side, BudgetFit> searches = new EnumMap<>(Side.class);
    for (Side side : Side.values()) {
      tallies.get(side).sums().check(side);
    }
    for (Side side : Side.values()) {
      Sums sums = tallies.get(side).sums();
      BudgetFit search = search(side, sums);
      if (!search.done()) {
        search.accept(tallies.get(side).histogram());
      }
      searches.put(side, search);
    }
    while (!searches.values().stream().allMatch(BudgetFit::done)) {
      Map<Side, Counting> next = new EnumMap<>(Side.class);
      searches.forEach(
          (side, search) ->
              next.put(side, counting(side, false, search.weights(), search.slots())));
      Map<Side, Tally> counted = count(next);
      searches.forEach((side, search) -> search.accept(counted.get(side).histogram()));
    }
    for (Side side : Side.values()) {
      BudgetFit.Cut cut = searches.get(side).cut();
      Sums sums = tallies.get(side).sums();
      cuts.put(side, cut);
      counts.put(
          side,
          new InitialCounts(
              sums.known(),
              sums.active() - sums.known(),
              sums.given() - sums.known(),
              cut.prune().taken(),
              cut.lengthen().taken()));
    }
  }

  private BudgetFit search(Side side, Sums sums) {
    try {
      return new BudgetFit(plan.budget(side).weights(), sums.base(), sums.least());
    } catch (IllegalArgumentException e) {
      throw new BadInputException("table of " + SparkEngine.name(side) + ": " + e.getMessage(), e);
    }
  }

  @Override
  public JavaRDD<Numbered<SparseTable>> importance(Side side) {
    return tables.importance(plan.layout(), side, plan.budget(side).rank());
  }

  private static SparseTable fit(
      InitialBlock block, BudgetFit.Cut cut, long[] ids, long seed, boolean foldIn) {
    return foldIn ? block.fitWithoutNew(cut, ids, seed) : block.fit(cut, ids, seed);
  }

  private Held held(Side side) {
    return new Held(plan.objective(), side, plan.minWeightsPerRow());
  }

  private Counting counting(Side side, boolean sums, KeyPrefix weights, KeyPrefix slots) {
    return new Counting(
        plan.budget(side),
        plan.layout().counts(side).firstRows(),
        held(side),
        sums,
        weights,
        slots);
  }

  /** Counts both sides in one job. */
  private Map<Side, Tally> count(Map<Side, Counting> what) {
    Counting ofUsers = what.get(Side.USERS);
    Counting ofItems = what.get(Side.ITEMS);
    Tallies both =
        aligned
            .get(Side.USERS)
            .zipPartitions(
                aligned.get(Side.ITEMS),
                (users, items) ->
                    List.of(new Tallies(ofUsers.count(users), ofItems.count(items))).iterator())
            .treeReduce(Tallies::plus);
    return Map.of(Side.USERS, both.users(), Side.ITEMS, both.items());
  }

  private static InitialBlock block(
      Numbered<InitialRows> rows, Budget budget, long[] firstRows, Held held) {
    return new InitialBlock(
        budget,
        firstRows[rows.block()],
        held.objective().leastWeights(held.minWeightsPerRow()),
        held.objective().itemBias(),
        rows.value().known(),
        rows.value().idle(),
        BiasRows.reserve(held.objective(), held.side(), rows.value().table()));
  }

  /** What decides which weights rows hold in any case. */
  private record Held(AlsObjective objective, Side side, int minWeightsPerRow)
      implements Serializable {}

  /**
   * What a job counts of a side.
   *
   * @param sums whether the rows are summed up too
   */
  private record Counting(
      Budget budget, long[] firstRows, Held held, boolean sums, KeyPrefix weights, KeyPrefix slots)
      implements Serializable {

    /** Counts the blocks of a partition; inside a task only. */
    Tally count(Iterator<Numbered<InitialRows>> blocks) {
      Sums sum = Sums.NONE;
      ScoreHistogram histogram = new ScoreHistogram();
      while (blocks.hasNext()) {
        Numbered<InitialRows> rows = blocks.next();
        InitialBlock block = block(rows, budget, firstRows, held);
        if (sums) {
          sum = sum.plus(Sums.of(rows.value(), block));
        }
        block.countWeights(weights, histogram);
        block.countSlots(slots, histogram);
      }
      return new Tally(sum, BucketCounts.of(histogram));
    }
  }

  /** What was counted of a side, on its way to the driver. */
  record Tally(Sums sums, BucketCounts counts) implements Serializable {
    Tally plus(Tally other) {
      return new Tally(sums.plus(other.sums), counts.plus(other.counts));
    }

    ScoreHistogram histogram() {
      ScoreHistogram histogram = new ScoreHistogram();
      counts.addTo(histogram);
      return histogram;
    }
  }

  /** What was counted of both sides. */
  record Tallies(Tally users, Tally items) implements Serializable {
    Tallies plus(Tallies other) {
      return new Tallies(users.plus(other.users), items.plus(other.items));
    }
  }

  @Override
  public void release() {
    aligned.values().forEach(rows -> rows.unpersist(false));
    tables.release();
  }

  /**
   * Counts over blocks on their way to the driver.
   *
   * @param problem what is wrong with some row, or null
   */
  record Sums(
      long given, long known, long active, long repeated, long base, long least, String problem)
      implements Serializable {

    static final Sums NONE = new Sums(0, 0, 0, 0, 0, 0, null);

    static Sums of(InitialRows rows, InitialBlock block) {
      return new Sums(
          rows.given(),
          rows.knownRows(),
          rows.activeRows(),
          rows.repeated(),
          block.baseWeights(),
          block.leastWeights(),
          rows.problem());
    }

    Sums plus(Sums other) {
      return new Sums(
          given + other.given,
          known + other.known,
          active + other.active,
          repeated + other.repeated,
          base + other.base,
          least + other.least,
          problem == null ? other.problem : problem);
    }

    void check(Side side) {
      if (repeated > 0) {
        throw new BadInputException(
            "the model to start from has "
                + repeated
                + " ids of "
                + SparkEngine.name(side)
                + " more than once; each may be there once. Train or save it again.");
      }
      if (problem != null) {
        throw new BadInputException(
            "the model to start from is damaged: in the table of "
                + SparkEngine.name(side)
                + " "
                + problem
                + ". Train or save it again.");
      }
    }
  }
}
