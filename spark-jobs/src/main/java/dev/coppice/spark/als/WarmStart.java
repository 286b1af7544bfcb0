package dev.coppice.spark.als;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.BiasRows;
import dev.coppice.core.als.Side;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.mask.BucketCounts;
import dev.coppice.core.mask.BudgetFit;
import dev.coppice.core.mask.GivenBlock;
import dev.coppice.core.mask.KeyPrefix;
import dev.coppice.core.mask.ScoreHistogram;
import dev.coppice.core.table.Budget;
import dev.coppice.core.table.SparseTable;
import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;

/**
 * Rows of an earlier model, fitted to the budget of this run (docs/design.md section 5). They go to
 * their blocks by id in one shuffle; counts alone reach the driver.
 */
final class WarmStart implements Start {
  private final Plan plan;
  private final GivenTables tables;
  private final long seed;
  private final Map<Side, JavaRDD<Numbered<GivenRows>>> aligned = new EnumMap<>(Side.class);
  private final Map<Side, StartCounts> counts = new EnumMap<>(Side.class);

  WarmStart(Plan plan, GivenTables tables, long seed) {
    this.plan = plan;
    this.tables = tables;
    this.seed = seed;
  }

  @Override
  public Map<Side, StartCounts> counts() {
    return counts;
  }

  @Override
  public JavaRDD<Numbered<SparseTable>> rows(Side side) {
    int rank = plan.budget(side).rank();
    JavaRDD<Numbered<GivenRows>> given =
        tables.aligned(plan.layout(), side, rank).persist(plan.storage());
    aligned.put(side, given);
    Budget budget = plan.budget(side);
    long[] firstRows = plan.layout().counts(side).firstRows();
    Held held = new Held(plan.objective(), side, plan.minWeightsPerRow());
    Sums sums =
        given
            .map(rows -> Sums.of(rows.value(), block(rows, budget, firstRows, held)))
            .treeReduce(Sums::plus);
    sums.check(side);
    BudgetFit.Cut cut = cut(given, side, sums);
    counts.put(
        side,
        new StartCounts(
            sums.known(),
            sums.active() - sums.known(),
            sums.given() - sums.known(),
            cut.prune().taken(),
            cut.lengthen().taken()));
    long startSeed = side.startSeed(seed);
    boolean foldIn = plan.continuation().foldIn();
    return given.zipPartitions(
        plan.layout().interactions(side),
        (rows, blocks) ->
            Zipped.of(
                rows,
                blocks,
                (row, interactions) ->
                    new Numbered<>(
                        row.block(),
                        fit(
                            block(row, budget, firstRows, held),
                            cut,
                            interactions.value().ids(),
                            startSeed,
                            foldIn))));
  }

  @Override
  public JavaRDD<Numbered<SparseTable>> importance(Side side) {
    return tables.importance(plan.layout(), side, plan.budget(side).rank());
  }

  private static SparseTable fit(
      GivenBlock block, BudgetFit.Cut cut, long[] ids, long seed, boolean foldIn) {
    return foldIn ? block.fitWithoutNew(cut, ids, seed) : block.fit(cut, ids, seed);
  }

  private BudgetFit.Cut cut(JavaRDD<Numbered<GivenRows>> given, Side side, Sums sums) {
    try {
      return BudgetFit.of(
          plan.budget(side).weights(),
          sums.base(),
          sums.least(),
          (weights, slots) -> count(given, side, weights, slots));
    } catch (IllegalArgumentException e) {
      throw new BadInputException("table of " + SparkEngine.name(side) + ": " + e.getMessage(), e);
    }
  }

  private ScoreHistogram count(
      JavaRDD<Numbered<GivenRows>> given, Side side, KeyPrefix weights, KeyPrefix slots) {
    Budget budget = plan.budget(side);
    long[] firstRows = plan.layout().counts(side).firstRows();
    Held held = new Held(plan.objective(), side, plan.minWeightsPerRow());
    BucketCounts total =
        given
            .map(
                rows -> {
                  ScoreHistogram histogram = new ScoreHistogram();
                  GivenBlock block = block(rows, budget, firstRows, held);
                  block.countWeights(weights, histogram);
                  block.countSlots(slots, histogram);
                  return BucketCounts.of(histogram);
                })
            .treeReduce(BucketCounts::plus);
    ScoreHistogram histogram = new ScoreHistogram();
    total.addTo(histogram);
    return histogram;
  }

  private static GivenBlock block(
      Numbered<GivenRows> rows, Budget budget, long[] firstRows, Held held) {
    return new GivenBlock(
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

    static Sums of(GivenRows rows, GivenBlock block) {
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
