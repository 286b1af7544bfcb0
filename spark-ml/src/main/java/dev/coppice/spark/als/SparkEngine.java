package dev.coppice.spark.als;

import dev.coppice.core.als.AlsEngine;
import dev.coppice.core.als.BlockSolver;
import dev.coppice.core.als.BlockSolver.Exploration;
import dev.coppice.core.als.BlockStats;
import dev.coppice.core.als.ExploreRule.Scoring;
import dev.coppice.core.als.HalfSweep;
import dev.coppice.core.als.History;
import dev.coppice.core.als.Listed;
import dev.coppice.core.als.Movable;
import dev.coppice.core.als.Resting;
import dev.coppice.core.als.RowPenalty;
import dev.coppice.core.als.Side;
import dev.coppice.core.als.SolveScope;
import dev.coppice.core.als.TrainerState;
import dev.coppice.core.mask.BucketCounts;
import dev.coppice.core.mask.KeyPrefix;
import dev.coppice.core.mask.ScoreHistogram;
import dev.coppice.core.mask.Threshold;
import dev.coppice.core.table.Budget;
import dev.coppice.core.table.SparseTable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;

/**
 * The steps of {@link dev.coppice.core.als.DynamicSparseTrainer} as Spark jobs over blocks. A
 * half-sweep is one job, with an exploration three, seldom more: solve and list, count, move.
 */
final class SparkEngine implements AlsEngine {
  private final Plan plan;
  private final RowExchange exchange;
  private final Validation validation;
  private JavaRDD<Numbered<SolvedBlock>> solved;
  private final Map<Side, JavaRDD<Numbered<SparseTable>>> importance = new EnumMap<>(Side.class);
  private final Consumer<TrainerState> keeper;
  private int sweep;

  /**
   * Starts from given rows.
   *
   * @param validation what to validate on; null for nothing
   * @param keeper told when a sweep is over; may make the state durable
   */
  SparkEngine(
      Plan plan,
      RowExchange exchange,
      Validation validation,
      Start start,
      Consumer<TrainerState> keeper) {
    this.keeper = keeper;
    this.sweep = start.state().sweep() + 1;
    this.plan = plan;
    this.exchange = exchange;
    this.validation = validation;
    describe("start");
    Map<Side, Published> started =
        exchange.start(unsolved(start.rows(Side.USERS)), unsolved(start.rows(Side.ITEMS)));
    for (Side side : Side.values()) {
      Published published = started.get(side);
      if (published.stored() != plan.budget(side).weights()) {
        throw new IllegalStateException(
            "the table of "
                + name(side)
                + " starts with "
                + published.stored()
                + " weights; its budget is "
                + plan.budget(side).weights());
      }
    }
    if (plan.rule().protects()) {
      for (Side side : Side.values()) {
        JavaRDD<Numbered<SparseTable>> given = start.importance(side);
        if (given != null) {
          importance.put(side, given.persist(plan.storage()));
          given.count();
        }
      }
    }
    start.restore(exchange);
    start.release();
  }

  @Override
  public Budget budget(Side side) {
    return plan.budget(side);
  }

  @Override
  public Solution solve(Side side, double share) {
    describe("solve " + name(side));
    SolveScope scope = plan.scope(side, sweep);
    if (share == 0) {
      int minWeights = plan.minWeightsPerRow();
      JavaRDD<Numbered<SolvedBlock>> rows =
          exchange
              .inputs(side)
              .mapPartitions(
                  inputs -> {
                    SolverOfStep solvers = new SolverOfStep(minWeights);
                    return new Mapped<>(
                        inputs,
                        input -> {
                          BlockInput in = input.value();
                          return new Numbered<>(
                              input.block(),
                              SolvedBlock.of(
                                  solvers
                                      .of(in)
                                      .solve(input.block(), in.interactions(), in.table(), scope),
                                  null));
                        });
                  });
      return new Solution(exchange.publish(side, rows, sweep).stats(), null);
    }
    Scoring scoring = plan.scoring(side, sweep);
    Tally tally =
        keep(
            each(
                side,
                histories(side),
                (solver, input, history) -> {
                  BlockSolver.Explored explored =
                      solver.explore(
                          input.block(),
                          input.value().interactions(),
                          input.value().table(),
                          scope,
                          new Exploration(scoring, history, share));
                  return SolvedBlock.of(explored.solved(), explored.movable());
                }));
    return new Solution(BlockStats.sum(tally.stats()), tally.listed());
  }

  /** What is done with a block and what lies beside it. */
  private interface BlockWork<T, R> extends Serializable {
    R of(BlockSolver solver, Numbered<BlockInput> input, T beside) throws Exception;
  }

  /** Does work on every block of a side, with the solver of the step. */
  private <T, R> JavaRDD<Numbered<R>> each(
      Side side, JavaRDD<Numbered<T>> beside, BlockWork<T, R> work) {
    int minWeights = plan.minWeightsPerRow();
    return exchange
        .inputs(side)
        .zipPartitions(
            beside,
            (inputs, others) -> {
              SolverOfStep solvers = new SolverOfStep(minWeights);
              return Zipped.of(
                  inputs,
                  others,
                  (input, other) ->
                      new Numbered<>(
                          input.block(), work.of(solvers.of(input.value()), input, other.value())));
            });
  }

  /** Keeps solved rows and their lists until they are moved, in the place of those before. */
  private Tally keep(JavaRDD<Numbered<SolvedBlock>> rows) {
    JavaRDD<Numbered<SolvedBlock>> before = solved;
    solved = rows.persist(plan.storage());
    Tally tally =
        solved
            .map(block -> new Tally(one(block.value().stats()), Listed.of(block.value().movable())))
            .treeReduce(Tally::plus);
    if (before != null) {
      before.unpersist(false);
    }
    return tally;
  }

  /** Returns what the blocks of a side know of the past. */
  private JavaRDD<Numbered<History>> histories(Side side) {
    JavaRDD<Numbered<SparseTable>> given = importance.get(side);
    JavaRDD<Numbered<SparseTable>> memory = exchange.memory(side);
    if (given != null && memory != null) {
      return given.zipPartitions(
          memory,
          (blocks, memories) ->
              Zipped.of(
                  blocks,
                  memories,
                  (block, one) ->
                      new Numbered<>(block.block(), new History(block.value(), one.value()))));
    }
    if (given != null) {
      return given.map(block -> new Numbered<>(block.block(), new History(block.value(), null)));
    }
    if (memory != null) {
      return memory.map(block -> new Numbered<>(block.block(), new History(null, block.value())));
    }
    return plan.layout()
        .interactions(side)
        .map(block -> new Numbered<>(block.block(), History.NONE));
  }

  /** A block's rows, and what it knows of the past; inside a task only. */
  private record Remembering(SolvedBlock rows, History history) {}

  @Override
  public Listed list(Side side, double share) {
    describe("explore " + name(side));
    Scoring scoring = plan.scoring(side, sweep);
    JavaRDD<Numbered<Remembering>> remembering =
        solved.zipPartitions(
            histories(side),
            (rows, histories) ->
                Zipped.of(
                    rows,
                    histories,
                    (row, history) ->
                        new Numbered<>(
                            row.block(), new Remembering(row.value(), history.value()))));
    return keep(each(
            side,
            remembering,
            (solver, input, block) -> {
              SolvedBlock rows = block.rows();
              Movable movable =
                  solver.list(
                      input.value().interactions(),
                      rows.table(),
                      rows.resting(),
                      new Exploration(scoring, block.history(), share));
              return SolvedBlock.of(rows.solved(), movable);
            }))
        .listed();
  }

  @Override
  public ScoreHistogram count(Side side, KeyPrefix prune, KeyPrefix grow) {
    describe("explore " + name(side));
    long[] firstRows = plan.layout().counts(side).firstRows();
    BucketCounts counts =
        solved
            .map(
                block -> {
                  ScoreHistogram histogram = new ScoreHistogram();
                  block.value().movable().count(firstRows[block.block()], prune, grow, histogram);
                  return BucketCounts.of(histogram);
                })
            .treeReduce(BucketCounts::plus);
    ScoreHistogram histogram = new ScoreHistogram();
    counts.addTo(histogram);
    return histogram;
  }

  @Override
  public Moved move(Side side, Threshold prune, Threshold grow) {
    describe("move weights of " + name(side));
    long[] firstRows = plan.layout().counts(side).firstRows();
    RowPenalty penalties = plan.steps(side).penalty();
    JavaRDD<Numbered<SolvedBlock>> moved =
        plan.layout()
            .interactions(side)
            .zipPartitions(
                solved,
                (blocks, rows) ->
                    Zipped.of(
                        blocks,
                        rows,
                        (block, row) ->
                            new Numbered<>(
                                row.block(),
                                SolvedBlock.of(
                                    row.value()
                                        .movable()
                                        .moved(
                                            firstRows[row.block()],
                                            block.value(),
                                            row.value().solved(),
                                            penalties,
                                            prune,
                                            grow),
                                    null))));
    // Before the rows are published, which may end what the lists are computed from.
    if (plan.rule().growth().remembers()) {
      exchange.remember(
          side,
          solved.map(block -> new Numbered<>(block.block(), block.value().movable().memory())));
    }
    Published published = exchange.publish(side, moved, sweep);
    solved.unpersist(false);
    solved = null;
    return new Moved(published.stats(), published.stored());
  }

  @Override
  public Optional<Map<String, Double>> validate() {
    if (validation == null) {
      return Optional.empty();
    }
    describe("validate");
    return Optional.of(
        validation.evaluate(exchange.present(Side.USERS), exchange.present(Side.ITEMS)));
  }

  @Override
  public void keepBest() {
    exchange.keepBest();
  }

  @Override
  public void endSweep(TrainerState state) {
    describe("checkpoint");
    keeper.accept(state);
    sweep = state.sweep() + 1;
    describe(null);
  }

  /** Makes the best rows the present ones, when no sweep is left. */
  void presentBest() {
    for (Side side : Side.values()) {
      describe("best " + name(side));
      exchange.publish(side, unsolved(exchange.best(side)), 0);
    }
    describe(null);
  }

  /** Rows that are published as they are. */
  private static JavaRDD<Numbered<SolvedBlock>> unsolved(JavaRDD<Numbered<SparseTable>> tables) {
    return tables.map(
        rows ->
            new Numbered<>(
                rows.block(),
                new SolvedBlock(
                    rows.value(), new BlockStats(rows.block(), 0, 0), Resting.NONE, null)));
  }

  /** Returns how important the present weights are, for the data at hand and those before. */
  JavaRDD<Numbered<SparseTable>> importance(Side side) {
    double decay = plan.rule().protectDecay();
    return exchange.detached(
        each(
            side,
            histories(side),
            (solver, input, history) ->
                solver.importance(
                    input.value().interactions(),
                    input.value().table(),
                    history.importance(),
                    decay)));
  }

  /** Returns the bytes that importances of the initial model take beside a side's rows. */
  long importanceBytes(Side side) {
    JavaRDD<Numbered<SparseTable>> given = importance.get(side);
    return given == null
        ? 0
        : given.map(block -> block.value().bytes().tableBytes()).reduce(Long::sum);
  }

  /** Gives back what a half-sweep that failed had kept, and what the run has. */
  void release() {
    importance.values().forEach(rows -> rows.unpersist(false));
    if (solved != null) {
      solved.unpersist(false);
    }
  }

  private static Collection<BlockStats> one(BlockStats stats) {
    Collection<BlockStats> list = new ArrayList<>();
    list.add(stats);
    return list;
  }

  private void describe(String what) {
    plan.spark().setJobDescription(what == null ? null : "sweep " + sweep + ": " + what);
  }

  static String name(Side side) {
    return side == Side.USERS ? "users" : "items";
  }

  /** One solver for all blocks that share a half-sweep, so that its scratch is made once. */
  private static final class SolverOfStep {
    private final int minWeights;
    private HalfSweep step;
    private BlockSolver solver;

    SolverOfStep(int minWeights) {
      this.minWeights = minWeights;
    }

    // The same object is meant, not an equal one.
    @SuppressWarnings("ReferenceEquality")
    BlockSolver of(BlockInput input) {
      if (solver == null || step != input.step()) {
        step = input.step();
        solver = new BlockSolver(step, input.table().rank(), minWeights);
      }
      return solver;
    }
  }

  /** What some blocks gave, on its way to the driver. */
  record Tally(Collection<BlockStats> stats, Listed listed) implements Serializable {
    Tally plus(Tally other) {
      Collection<BlockStats> all = new ArrayList<>(stats);
      all.addAll(other.stats);
      return new Tally(all, listed.plus(other.listed));
    }
  }
}
