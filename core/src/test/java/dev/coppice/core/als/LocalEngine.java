package dev.coppice.core.als;

import dev.coppice.core.mask.InitialMask;
import dev.coppice.core.mask.KeyPrefix;
import dev.coppice.core.mask.ScoreHistogram;
import dev.coppice.core.mask.Threshold;
import dev.coppice.core.table.Budget;
import dev.coppice.core.table.SparseTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * All blocks in one process: the reference that distributed engines must match to the bit, and a
 * quick way to try hyper-parameters.
 */
public final class LocalEngine implements AlsEngine {
  private final AlsObjective objective;
  private double confidenceScale;
  private final RowCode code;
  private final int minWeightsPerRow;
  private final Map<Side, InteractionBlock[]> blocks;
  private final Map<Side, Budget> budgets = new EnumMap<>(Side.class);
  private final Map<Side, SparseTable[]> tables = new EnumMap<>(Side.class);
  private final Map<Side, SparseTable[]> best = new EnumMap<>(Side.class);
  private Movable[] movable;
  private HalfSweep step;
  private KeptScores.Counts earlier;
  private double gamma;
  private final Continuation continuation;
  private final long seed;
  private int sweep = 1;
  private BlockSolver.Solved[] solved;
  private ExploreRule rule = ExploreRule.EXACT;
  private final Map<Side, History[]> histories = new EnumMap<>(Side.class);
  private Supplier<Optional<Map<String, Double>>> validation = Optional::empty;
  private Consumer<TrainerState> keeper = state -> {};
  private DoubleUnaryOperator lengths = share -> share;
  private Runnable again = () -> {};
  private SparseTable[] unmoved;

  /** Starts from uniform random masks. */
  public LocalEngine(
      LocalBlocks data,
      AlsObjective objective,
      int rank,
      double density,
      int minWeightsPerRow,
      long seed) {
    this(data, objective, rank, density, minWeightsPerRow, seed, null);
  }

  /**
   * Starts from given rows.
   *
   * @param given rows by side and id; null to start from uniform random masks
   */
  public LocalEngine(
      LocalBlocks data,
      AlsObjective objective,
      int rank,
      double density,
      int minWeightsPerRow,
      long seed,
      Map<Side, Map<Long, SparseTable>> given) {
    this(data, objective, rank, density, minWeightsPerRow, seed, given, Continuation.NONE);
  }

  /** Starts from given rows, and says how they are carried on. */
  public LocalEngine(
      LocalBlocks data,
      AlsObjective objective,
      int rank,
      double density,
      int minWeightsPerRow,
      long seed,
      Map<Side, Map<Long, SparseTable>> given,
      Continuation continuation) {
    this.continuation = continuation;
    this.seed = seed;
    this.objective = objective;
    this.code = data.code();
    this.minWeightsPerRow = minWeightsPerRow;
    this.blocks = new EnumMap<>(data.blocks());
    long[] rows = new long[2];
    long[] active = new long[2];
    for (Side side : Side.values()) {
      for (InteractionBlock block : blocks.get(side)) {
        rows[(side == Side.USERS ? 0 : 1)] += block.rows();
        active[(side == Side.USERS ? 0 : 1)] +=
            IntStream.range(0, block.rows()).filter(row -> block.observations(row) > 0).count();
      }
      Budget budget = Budget.of(density, rank, rows[(side == Side.USERS ? 0 : 1)]);
      budgets.put(side, budget);
      SparseTable[] start = new SparseTable[blocks.get(side).length];
      for (int b = 0; b < start.length; b++) {
        InteractionBlock block = blocks.get(side)[b];
        SparseTable held = BiasRows.reserve(objective, side, SparseTable.empty(rank, block.rows()));
        start[b] =
            objective.start(
                InitialMask.uniform(
                    budget, block.firstRow(), block.ids(), side.startSeed(seed), held));
      }
      if (given != null) {
        start =
            LocalStart.of(
                objective,
                side,
                budget,
                blocks.get(side),
                minWeightsPerRow,
                given.get(side),
                side.startSeed(seed),
                continuation.foldIn());
      }
      tables.put(side, start);
    }
    this.confidenceScale =
        objective.confidenceScale(
            (double) data.observations() / active[0], (double) data.observations() / active[1]);
  }

  /**
   * Keeps the scores of an earlier model.
   *
   * @param rows by side and id
   * @param degrees observations that these were learnt from, by side and id
   */
  public LocalEngine withScoresOf(
      Map<Side, Map<Long, SparseTable>> rows,
      Map<Side, Map<Long, Integer>> degrees,
      double keepScores) {
    gamma = keepScores;
    Map<Side, Long> active = new EnumMap<>(Side.class);
    Map<Side, Double> means = new EnumMap<>(Side.class);
    long all = 0;
    for (Side side : Side.values()) {
      Map<Long, Integer> mine = degrees.get(side);
      active.put(side, mine.values().stream().filter(n -> n > 0).count());
      all = mine.values().stream().mapToLong(n -> n).sum();
      InteractionBlock[] with = new InteractionBlock[blocks.get(side).length];
      long here = 0;
      long present = 0;
      for (int b = 0; b < with.length; b++) {
        InteractionBlock block = blocks.get(side)[b];
        with[b] = block.withEarlier(LocalStart.earlier(block, budget(side), rows.get(side), mine));
        for (int row = 0; row < block.rows(); row++) {
          present += with[b].allObservations(row) > 0 ? 1 : 0;
          here += block.observations(row);
        }
      }
      means.put(side, (double) (here + all) / present);
      blocks.put(side, with);
    }
    earlier =
        new KeptScores.Counts(
            rows.get(Side.USERS).size(),
            rows.get(Side.ITEMS).size(),
            active.get(Side.USERS),
            active.get(Side.ITEMS),
            all);
    confidenceScale = objective.confidenceScale(means.get(Side.USERS), means.get(Side.ITEMS));
    return this;
  }

  private KeptScores kept(Side side) {
    if (earlier == null) {
      return null;
    }
    Side src = side.other();
    int rank = budgets.get(src).rank();
    KeptSums sums = new KeptSums(rank);
    double[][] scratch = KeptSums.scratch(rank);
    for (int b = 0; b < blocks.get(src).length; b++) {
      sums.add(
          tables.get(src)[b],
          blocks.get(src)[b].earlier(),
          earlier.shares(objective, src),
          scratch);
    }
    return KeptScores.of(objective, side, gamma, earlier, sums.matrices());
  }

  /**
   * Sets what explorations go by.
   *
   * @param importance by side and block, may be null
   */
  public LocalEngine withRule(ExploreRule exploreRule, Map<Side, SparseTable[]> importance) {
    rule = exploreRule;
    for (Side side : Side.values()) {
      SparseTable[] given = importance == null ? null : importance.get(side);
      History[] all = new History[blocks.get(side).length];
      for (int b = 0; b < all.length; b++) {
        all[b] = new History(given == null ? null : given[b], null);
      }
      histories.put(side, all);
    }
    return this;
  }

  /** Returns what a block knows of the past. */
  public History history(Side side, int block) {
    return histories.containsKey(side) ? histories.get(side)[block] : History.NONE;
  }

  /** Returns the importance of all present weights, by block. */
  public SparseTable[] importance(Side side) {
    step = step(side);
    return each(
            side,
            (solver, b) ->
                solver.importance(
                    blocks.get(side)[b],
                    tables.get(side)[b],
                    history(side, b).importance(),
                    rule.protectDecay()))
        .toArray(SparseTable[]::new);
  }

  private ExploreRule.Scoring scoring(Side side) {
    return rule.scoring(sweep, side.startSeed(seed));
  }

  /** Sets what {@link #validate} answers. */
  public LocalEngine withValidation(Supplier<Optional<Map<String, Double>>> supplier) {
    this.validation = supplier;
    return this;
  }

  /**
   * Changes how long lists are.
   *
   * @param lengths the share to list, for the one asked for
   * @param again told when lists are made again
   */
  public LocalEngine withListsOf(DoubleUnaryOperator lengths, Runnable again) {
    this.lengths = lengths;
    this.again = again;
    return this;
  }

  /** Sets who is told at the end of a sweep. */
  public LocalEngine withKeeper(Consumer<TrainerState> told) {
    this.keeper = told;
    return this;
  }

  /** Returns the present rows of a side, by block. */
  public SparseTable[] tables(Side side) {
    return tables.get(side);
  }

  /** Returns the items as they were solved last, before a move: what the reported loss is of. */
  public SparseTable[] solvedItems() {
    return unmoved == null ? tables.get(Side.ITEMS) : unmoved;
  }

  /** Returns the best rows of a side, by block. */
  public SparseTable[] best(Side side) {
    return best.get(side);
  }

  /** Returns the observations of a side, by block. */
  public InteractionBlock[] blocks(Side side) {
    return blocks.get(side);
  }

  @Override
  public Budget budget(Side side) {
    return budgets.get(side);
  }

  /** Returns what solving a side needs at this moment. */
  HalfSweep halfSweep(Side side) {
    return step(side);
  }

  private HalfSweep step(Side side) {
    Side src = side.other();
    int rank = budgets.get(src).rank();
    double[] matrix = null;
    if (objective.needsGramian()) {
      Gramian gramian = new Gramian(rank);
      double[] scratch = Gramian.scratch(rank);
      for (SparseTable table : tables.get(src)) {
        gramian.add(table, scratch);
      }
      matrix = gramian.toMatrix();
    }
    return new HalfSweep(
        objective,
        confidenceScale,
        budgets.get(src).rows(),
        matrix,
        tables.get(src),
        code,
        objective.pins(side),
        kept(side));
  }

  private <T> List<T> each(Side side, BiFunction<BlockSolver, Integer, T> work) {
    int rank = budgets.get(side).rank();
    HalfSweep shared = step;
    return IntStream.range(0, blocks.get(side).length)
        .parallel()
        .mapToObj(b -> work.apply(new BlockSolver(shared, rank, minWeightsPerRow), b))
        .toList();
  }

  @Override
  public Solution solve(Side side, double share) {
    unmoved = null;
    step = step(side);
    SolveScope scope = continuation.scope(sweep, side.startSeed(seed));
    SparseTable[] mine = tables.get(side);
    List<BlockSolver.Explored> parts =
        each(
            side,
            (solver, b) -> {
              InteractionBlock block = blocks.get(side)[b];
              return share > 0
                  ? solver.explore(b, block, mine[b], scope, exploration(side, b, share))
                  : new BlockSolver.Explored(solver.solve(b, block, mine[b], scope), null);
            });
    solved = parts.stream().map(BlockSolver.Explored::solved).toArray(BlockSolver.Solved[]::new);
    movable = parts.stream().map(BlockSolver.Explored::movable).toArray(Movable[]::new);
    return new Solution(keep(side), share > 0 ? listed() : null);
  }

  private BlockSolver.Exploration exploration(Side side, int block, double share) {
    return new BlockSolver.Exploration(
        scoring(side), history(side, block), lengths.applyAsDouble(share));
  }

  private Listed listed() {
    return Arrays.stream(movable).map(Listed::of).reduce(Listed::plus).orElseThrow();
  }

  /** Makes the rows solved or moved last the present ones. */
  private BlockStats keep(Side side) {
    List<BlockStats> stats = new ArrayList<>();
    for (int b = 0; b < solved.length; b++) {
      tables.get(side)[b] = solved[b].table();
      stats.add(solved[b].stats());
    }
    return BlockStats.sum(stats);
  }

  @Override
  public Listed list(Side side, double share) {
    again.run();
    movable =
        each(
                side,
                (solver, b) ->
                    solver.list(
                        blocks.get(side)[b],
                        solved[b].table(),
                        solved[b].resting(),
                        exploration(side, b, share)))
            .toArray(Movable[]::new);
    return listed();
  }

  @Override
  public ScoreHistogram count(Side side, KeyPrefix prune, KeyPrefix grow) {
    ScoreHistogram counts = new ScoreHistogram();
    for (int b = 0; b < movable.length; b++) {
      movable[b].count(blocks.get(side)[b].firstRow(), prune, grow, counts);
    }
    return counts;
  }

  @Override
  public Moved move(Side side, Threshold prune, Threshold grow) {
    long stored = 0;
    unmoved = tables.get(side).clone();
    for (int b = 0; b < solved.length; b++) {
      InteractionBlock block = blocks.get(side)[b];
      solved[b] = movable[b].moved(block.firstRow(), block, solved[b], step.penalty(), prune, grow);
      stored += solved[b].table().stored();
      if (movable[b].memory() != null) {
        histories.get(side)[b] = new History(history(side, b).importance(), movable[b].memory());
      }
    }
    movable = null;
    return new Moved(keep(side), stored);
  }

  @Override
  public Optional<Map<String, Double>> validate() {
    return validation.get();
  }

  @Override
  public void keepBest() {
    for (Side side : Side.values()) {
      best.put(side, tables.get(side).clone());
    }
  }

  @Override
  public void endSweep(TrainerState state) {
    keeper.accept(state);
    sweep = state.sweep() + 1;
  }
}
