package dev.coppice.core.als;

import dev.coppice.core.mask.ScoreHistogram;
import dev.coppice.core.mask.ThresholdSearch;
import dev.coppice.core.table.Budget;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Dynamic sparse ALS: alternating half-sweeps over users and items, each followed by an exploration
 * that prunes the least salient weights of the side just solved and grows as many where the
 * objective gains most (docs/design.md section 5). The rows are solved on their new supports in the
 * side's next half-sweep; the last sweep does not explore.
 *
 * <p>Source: the mask exploration is that of DSL (Wang et al., <i>Dynamic Sparse Learning</i>, WSDM
 * 2024, section 3.2) with exact gradients and a threshold over the whole table; the half-sweeps are
 * those of iALS (Rendle et al., RecSys 2022). The driver holds counts and thresholds only.
 */
public final class DynamicSparseTrainer {
  /** Blocks differ in their share of the moves: each lists so many times the mean. */
  public static final double ROOM = 1.5;

  /** How much longer the lists become where they were too short. */
  private static final double MORE = 2;

  private final TrainerSettings settings;
  private final AlsEngine engine;
  private final Consumer<SweepRecord> listener;

  /**
   * Prepares a run.
   *
   * @param listener told after every sweep
   */
  public DynamicSparseTrainer(
      TrainerSettings settings, AlsEngine engine, Consumer<SweepRecord> listener) {
    this.settings = settings;
    this.engine = engine;
    this.listener = listener;
  }

  /**
   * What a run gave.
   *
   * @param sweeps one record a sweep
   * @param bestSweep the sweep whose tables are kept: the last one without validation
   */
  public record Outcome(List<SweepRecord> sweeps, int bestSweep) {}

  /**
   * Runs the sweeps that are left, or fewer if the validation metric stops rising. A metric that is
   * not a number is never better than another.
   *
   * @param from where the run stands: {@link TrainerState#FRESH}, or where an interrupted one
   *     stood; the engine must hold its tables, the best among them
   * @throws IllegalArgumentException if validation does not give the metric to watch
   */
  public Outcome train(TrainerState from) {
    TrainerState state = from;
    while (goesOn(state)) {
      SweepRecord record = sweep(state.sweep() + 1);
      listener.accept(record);
      boolean better = better(record, state);
      if (better) {
        engine.keepBest();
      }
      state = state.after(record, better);
      engine.endSweep(state);
    }
    return new Outcome(state.sweeps(), state.bestSweep());
  }

  private boolean goesOn(TrainerState state) {
    int waited = state.sweep() - state.bestSweep();
    boolean patient = settings.patience() == 0 || waited < settings.patience();
    return state.sweep() < settings.maxIter() && patient;
  }

  private boolean better(SweepRecord record, TrainerState before) {
    double metric = watched(record.metrics());
    if (before.sweep() == 0 || record.metrics().isEmpty()) {
      return true;
    }
    double best = watched(before.best().metrics());
    return metric > (Double.isNaN(best) ? Double.NEGATIVE_INFINITY : best);
  }

  private double watched(Map<String, Double> metrics) {
    if (metrics.isEmpty()) {
      return Double.NaN;
    }
    Double metric = settings.metric() == null ? null : metrics.get(settings.metric());
    if (metric == null) {
      throw new IllegalArgumentException(
          "metric is '"
              + settings.metric()
              + "'; validation gives "
              + String.join(", ", new TreeSet<>(metrics.keySet())));
    }
    return metric;
  }

  private SweepRecord sweep(int sweep) {
    long start = System.nanoTime();
    double ratio = settings.ratio(sweep);
    HalfResult users = halfSweep(Side.USERS, ratio);
    HalfResult items = halfSweep(Side.ITEMS, ratio);
    double seconds = (System.nanoTime() - start) / 1e9;
    Map<String, Double> metrics = engine.validate().orElse(Map.of());
    return new SweepRecord(
        sweep,
        seconds,
        items.stats.loss() + users.stats.penalty(),
        ratio,
        users.moved,
        items.moved,
        users.bytes,
        items.bytes,
        metrics);
  }

  private record HalfResult(BlockStats stats, long moved, long bytes) {}

  private HalfResult halfSweep(Side side, double ratio) {
    Budget budget = engine.budget(side);
    long stored = budget.weights();
    // A full table has nowhere to grow: nothing to score either.
    boolean explore = ratio > 0 && stored < budget.rank() * budget.rows();
    AlsEngine.Solution solution = engine.solve(side, explore ? ROOM * ratio : 0);
    if (!explore) {
      return new HalfResult(solution.stats(), 0, 0);
    }
    // Rows that rest are not explored, and their weights do not count.
    long moves = (long) Math.floor(ratio * (stored - solution.stats().resting()));
    Listed listed = solution.listed();
    double share = ROOM * ratio;
    while (listed.certain() < moves && !listed.complete()) {
      share *= MORE;
      listed = engine.list(side, share);
    }
    moves = Math.min(moves, listed.certain());
    ScoreHistogram counts = listed.histogram();
    ThresholdSearch prune = new ThresholdSearch(moves);
    ThresholdSearch grow = new ThresholdSearch(moves);
    settle(prune, counts.prune());
    settle(grow, counts.grow());
    while (!prune.done() || !grow.done()) {
      counts = engine.count(side, prune.prefix(), grow.prefix());
      settle(prune, counts.prune());
      settle(grow, counts.grow());
    }
    AlsEngine.Moved moved = engine.move(side, prune.threshold(), grow.threshold());
    if (moved.stored() != stored) {
      throw new IllegalStateException(
          "after an exploration the table of "
              + side
              + " stores "
              + moved.stored()
              + " weights; its budget is "
              + stored);
    }
    return new HalfResult(moved.stats(), moves, listed.bytes());
  }

  private static void settle(ThresholdSearch search, long[] counts) {
    if (!search.done()) {
      search.accept(counts);
    }
  }
}
