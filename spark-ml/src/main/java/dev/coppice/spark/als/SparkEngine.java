package dev.coppice.spark.als;

import dev.coppice.core.als.AlsEngine;
import dev.coppice.core.als.BlockSolver;
import dev.coppice.core.als.BlockStats;
import dev.coppice.core.als.ExploreRule.Scoring;
import dev.coppice.core.als.HalfSweep;
import dev.coppice.core.als.History;
import dev.coppice.core.als.Movable;
import dev.coppice.core.als.Resting;
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
 * half-sweep is one job, with an exploration three, seldom more.
 */
final class SparkEngine implements AlsEngine {
  private final Plan plan;
  private final RowExchange exchange;
  private final Validation validation;
  private JavaRDD<Numbered<SolvedBlock>> solved;
  private JavaRDD<Numbered<Movable>> movable;
  private long movableBytes;
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
  public Solution solve(Side side, boolean explore) {
    describe("solve " + name(side));
    int minWeights = plan.minWeightsPerRow();
    SolveScope scope = plan.scope(side, sweep);
    if (!explore) {
      JavaRDD<Numbered<SolvedBlock>> rows =
          exchange
              .inputs(side)
              .mapPartitions(
                  inputs -> {
                    SolverOfStep solvers = new SolverOfStep(minWeights);
                    return new Mapped<>(
                        inputs,
                        input -> new Numbered<>(input.block(), solve(solvers, input, scope, null)));
                  });
      return new Solution(exchange.publish(side, rows, sweep).stats(), null);
    }
    Scoring scoring = plan.scoring(side, sweep);
    solved =
        exchange
            .inputs(side)
            .zipPartitions(
                histories(side),
                (inputs, histories) -> {
                  SolverOfStep solvers = new SolverOfStep(minWeights);
                  return Zipped.of(
                      inputs,
                      histories,
                      (input, history) ->
                          new Numbered<>(
                              input.block(),
                              solve(
                                  solvers, input, scope, new Explored(scoring, history.value()))));
                })
            .persist(plan.storage());
    Counted counted =
        solved
            .map(block -> new Counted(block.value().scores(), one(block.value().stats()), 0))
            .treeReduce(Counted::plus);
    return new Solution(BlockStats.sum(counted.stats()), counted.histogram());
  }

  /** How the rows of a block are scored; inside a task only. */
  private record Explored(Scoring scoring, History history) {}

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

  private static SolvedBlock solve(
      SolverOfStep solvers, Numbered<BlockInput> input, SolveScope scope, Explored explored) {
    BlockInput in = input.value();
    BlockSolver solver = solvers.of(in.step(), in.table().rank());
    BlockSolver.Solved result = solver.solve(input.block(), in.interactions(), in.table(), scope);
    BucketCounts scores = null;
    if (explored != null) {
      ScoreHistogram histogram = new ScoreHistogram();
      solver.countScores(
          in.interactions(),
          result.table(),
          result.resting(),
          explored.scoring(),
          explored.history(),
          histogram);
      scores = BucketCounts.of(histogram);
    }
    return new SolvedBlock(result.table(), result.stats(), scores, result.resting());
  }

  private static SolvedBlock solveAgain(
      SolverOfStep solvers, Numbered<BlockInput> input, SolvedBlock moved) {
    BlockInput in = input.value();
    BlockSolver.Solved result =
        solvers
            .of(in.step(), in.table().rank())
            .solve(input.block(), in.interactions(), moved.table(), moved.resting());
    return new SolvedBlock(result.table(), result.stats(), null, result.resting());
  }

  /** A block's rows, and what it knows of the past; inside a task only. */
  private record Remembering(SolvedBlock rows, History history) {}

  @Override
  public ScoreHistogram gather(Side side, KeyPrefix prune, KeyPrefix grow) {
    describe("explore " + name(side));
    int minWeights = plan.minWeightsPerRow();
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
    movable =
        exchange
            .inputs(side)
            .zipPartitions(
                remembering,
                (inputs, rows) -> {
                  SolverOfStep solvers = new SolverOfStep(minWeights);
                  return Zipped.of(
                      inputs,
                      rows,
                      (input, row) ->
                          new Numbered<>(
                              input.block(),
                              solvers
                                  .of(input.value().step(), input.value().table().rank())
                                  .candidates(
                                      input.value().interactions(),
                                      row.value().rows().table(),
                                      row.value().rows().resting(),
                                      scoring,
                                      row.value().history(),
                                      prune,
                                      grow)));
                })
            .persist(plan.storage());
    movableBytes = 0;
    return count(side, prune, grow);
  }

  @Override
  public ScoreHistogram count(Side side, KeyPrefix prune, KeyPrefix grow) {
    long[] firstRows = plan.layout().counts(side).firstRows();
    Counted counted =
        movable
            .map(
                block -> {
                  ScoreHistogram histogram = new ScoreHistogram();
                  block.value().count(firstRows[block.block()], prune, grow, histogram);
                  return new Counted(
                      BucketCounts.of(histogram), new ArrayList<>(), block.value().bytes());
                })
            .treeReduce(Counted::plus);
    movableBytes = counted.bytes();
    return counted.histogram();
  }

  @Override
  public Moved move(Side side, Threshold prune, Threshold grow) {
    describe("move weights of " + name(side));
    int minWeights = plan.minWeightsPerRow();
    long[] firstRows = plan.layout().counts(side).firstRows();
    JavaRDD<Numbered<SolvedBlock>> moved =
        solved.zipPartitions(
            movable,
            (rows, lists) ->
                Zipped.of(
                    rows,
                    lists,
                    (row, list) ->
                        new Numbered<>(
                            row.block(),
                            new SolvedBlock(
                                list.value()
                                    .moved(
                                        firstRows[row.block()], row.value().table(), prune, grow),
                                null,
                                null,
                                row.value().resting()))));
    JavaRDD<Numbered<SolvedBlock>> rows =
        exchange
            .inputs(side)
            .zipPartitions(
                moved,
                (inputs, tables) -> {
                  SolverOfStep solvers = new SolverOfStep(minWeights);
                  return Zipped.of(
                      inputs,
                      tables,
                      (input, table) ->
                          new Numbered<>(input.block(), solveAgain(solvers, input, table.value())));
                });
    // Before the rows are published, which may end what the lists are computed from.
    if (plan.rule().growth().remembers()) {
      exchange.remember(
          side, movable.map(block -> new Numbered<>(block.block(), block.value().memory())));
    }
    Published published = exchange.publish(side, rows, sweep);
    movable.unpersist(false);
    solved.unpersist(false);
    movable = null;
    solved = null;
    return new Moved(published.stats(), published.stored(), movableBytes);
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
                    rows.value(), new BlockStats(rows.block(), 0, 0), null, Resting.NONE)));
  }

  /** Returns how important the present weights are, for the data at hand and those before. */
  JavaRDD<Numbered<SparseTable>> importance(Side side) {
    int minWeights = plan.minWeightsPerRow();
    double decay = plan.rule().protectDecay();
    return exchange.detached(
        exchange
            .inputs(side)
            .zipPartitions(
                histories(side),
                (inputs, histories) -> {
                  SolverOfStep solvers = new SolverOfStep(minWeights);
                  return Zipped.of(
                      inputs,
                      histories,
                      (input, history) -> {
                        BlockInput in = input.value();
                        return new Numbered<>(
                            input.block(),
                            solvers
                                .of(in.step(), in.table().rank())
                                .importance(
                                    in.interactions(),
                                    in.table(),
                                    history.value().importance(),
                                    decay));
                      });
                }));
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
    if (movable != null) {
      movable.unpersist(false);
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
    BlockSolver of(HalfSweep wanted, int rank) {
      if (solver == null || step != wanted) {
        step = wanted;
        solver = new BlockSolver(wanted, rank, minWeights);
      }
      return solver;
    }
  }

  /** Counts of some blocks on their way to the driver. */
  record Counted(BucketCounts counts, Collection<BlockStats> stats, long bytes)
      implements Serializable {
    Counted plus(Counted other) {
      Collection<BlockStats> all = new ArrayList<>(stats);
      all.addAll(other.stats);
      return new Counted(counts.plus(other.counts), all, bytes + other.bytes);
    }

    ScoreHistogram histogram() {
      ScoreHistogram histogram = new ScoreHistogram();
      counts.addTo(histogram);
      return histogram;
    }
  }
}
