package dev.coppice.core.items;

import dev.coppice.core.linalg.NotPositiveDefiniteException;
import dev.coppice.core.mask.KeyPrefix;
import dev.coppice.core.mask.ScoreHistogram;
import dev.coppice.core.mask.Threshold;
import dev.coppice.core.mask.ThresholdSearch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Learns the neighbours of some items in one place, from columns of G that may come from several
 * sources: which neighbours, by one threshold over all items, and their weights (docs/design.md
 * section 5, "Neighbours").
 */
public final class NeighbourLearning {
  /** Numbers of the systems that are held at a time: 128 MB of them. */
  private static final long HELD = 1L << 25;

  private final PairColumns columns;
  private final int[] items;
  private final double ridge;
  private final CoOccurrences column;
  private final long[] diagonal;

  /**
   * Prepares the learning.
   *
   * @param columns have no items but these
   * @param all number of all items: they are 0 .. all - 1
   * @param items those that get neighbours, ascending
   * @param ridge λ in units of G, above 0
   */
  public NeighbourLearning(PairColumns columns, int all, int[] items, double ridge) {
    this.columns = columns;
    this.items = items.clone();
    this.ridge = ridge;
    column = new CoOccurrences(all);
    diagonal = new long[all];
    for (int item : items) {
      columns.column(item, column);
      diagonal[item] = column.sum(item);
    }
  }

  /**
   * Learns a table.
   *
   * @param budget weights that it may have
   * @param mostPerItem most weights of one item, at least 1
   */
  public NeighbourTable learn(long budget, int mostPerItem) {
    int[][] supports = supports(budget, mostPerItem);
    int[] offsets = new int[items.length + 1];
    for (int row = 0; row < items.length; row++) {
      offsets[row + 1] = Math.addExact(offsets[row], supports[row].length);
    }
    int[] neighbours = new int[offsets[items.length]];
    float[] weights = new float[neighbours.length];
    int from = 0;
    while (from < items.length) {
      int to = from;
      long held = 0;
      while (to < items.length && (to == from || held + numbers(supports[to].length) <= HELD)) {
        held += numbers(supports[to].length);
        to++;
      }
      solve(supports, from, to, offsets, weights);
      from = to;
    }
    for (int row = 0; row < items.length; row++) {
      System.arraycopy(supports[row], 0, neighbours, offsets[row], supports[row].length);
    }
    return new NeighbourTable(items, offsets, neighbours, weights);
  }

  private static long numbers(long k) {
    return k * (k + 3) / 2;
  }

  /** Of all candidates of all items those of the largest gain. */
  private int[][] supports(long budget, int mostPerItem) {
    NeighbourCandidates search = new NeighbourCandidates(diagonal, ridge, mostPerItem);
    NeighbourCandidates.Found[] found = new NeighbourCandidates.Found[items.length];
    long candidates = 0;
    for (int row = 0; row < items.length; row++) {
      columns.column(items[row], column);
      found[row] = search.best(column, items[row]);
      candidates += found[row].items().length;
    }
    ThresholdSearch settled = new ThresholdSearch(Math.min(budget, candidates));
    while (!settled.done()) {
      KeyPrefix prefix = settled.prefix();
      ScoreHistogram counts = new ScoreHistogram();
      for (int row = 0; row < items.length; row++) {
        found[row].count(items[row], prefix, settled.level(), counts);
      }
      settled.accept(counts.grow());
    }
    Threshold threshold = settled.threshold();
    int[][] supports = new int[items.length][];
    for (int row = 0; row < items.length; row++) {
      supports[row] = found[row].taken(items[row], threshold).items();
    }
    return supports;
  }

  /** Solves the rows from .. to - 1, each column being summed once. */
  private void solve(int[][] supports, int from, int to, int[] offsets, float[] weights) {
    Map<Integer, List<Integer>> rowsByNeighbour = new TreeMap<>();
    NeighbourEquations[] systems = new NeighbourEquations[to - from];
    for (int row = from; row < to; row++) {
      systems[row - from] = new NeighbourEquations(supports[row].length);
      for (int neighbour : supports[row]) {
        rowsByNeighbour.computeIfAbsent(neighbour, key -> new ArrayList<>()).add(row);
      }
    }
    float[] values = new float[0];
    for (Map.Entry<Integer, List<Integer>> each : rowsByNeighbour.entrySet()) {
      columns.column(each.getKey(), column);
      for (int row : each.getValue()) {
        int position = Arrays.binarySearch(supports[row], each.getKey());
        if (values.length < NeighbourEquations.length(position)) {
          values = new float[2 * NeighbourEquations.length(position)];
        }
        NeighbourEquations.take(column, supports[row], position, items[row], values, 0);
        systems[row - from].put(position, values, 0);
      }
    }
    NeighbourSystem solver = new NeighbourSystem();
    for (int row = from; row < to; row++) {
      float[] solved = solved(solver, systems[row - from]);
      System.arraycopy(solved, 0, weights, offsets[row], solved.length);
    }
  }

  /**
   * Sums from which rare pairs were left out need not be positive definite. Then λ is raised for
   * this item, tenfold each time, until its system is.
   */
  private float[] solved(NeighbourSystem solver, NeighbourEquations system) {
    double raised = ridge;
    while (true) {
      try {
        return solver.solve(system, raised);
      } catch (NotPositiveDefiniteException e) {
        raised *= 10;
      }
    }
  }
}
