package dev.coppice.core.als;

import dev.coppice.core.als.ExploreRule.Scoring;
import dev.coppice.core.mask.Growth;
import dev.coppice.core.table.SparseTable;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.util.Arrays;

/**
 * Scores the positions of one row after the other as an exploration is told to. Holds {@code rank}
 * numbers a few times; one instance a thread.
 */
final class RowScores {
  /** Share of the running mean that is from before. */
  static final double MOMENTUM = 0.5;

  private final PositionScores scores;
  private final boolean nonnegative;
  private final int rank;
  private final Scoring scoring;
  private final History history;
  private final float[] importance;
  private final float[] memory;
  private final float[] means;
  private final float[] gains;
  private final long[] keys;
  private InteractionBlock block;
  private SparseTable table;
  private int row;

  RowScores(PositionScores scores, int rank, Scoring scoring, History history) {
    this.scores = scores;
    nonnegative = scores.step().objective().nonnegative();
    this.rank = rank;
    this.scoring = scoring;
    this.history = history;
    importance = new float[rank];
    memory = new float[rank];
    means = new float[rank];
    gains = new float[rank];
    keys = new long[rank];
  }

  /** Goes to a row. */
  void row(InteractionBlock newBlock, int newRow, SparseTable newTable) {
    block = newBlock;
    row = newRow;
    table = newTable;
    scores.score(block, row, table);
    fill(history.importance(), importance);
    fill(history.memory(), memory);
  }

  private void fill(SparseTable from, float[] to) {
    if (from != null) {
      Arrays.fill(to, 0);
      from.scatter(row, to);
    }
  }

  /** Returns what a weight is pruned by: its saliency, and its earlier importance. */
  float saliency(int dim, float weight) {
    float now = scores.saliency(dim, weight);
    double before = scoring.protect() * importance[dim];
    return before > 0 && now < Float.POSITIVE_INFINITY
        ? (float) Math.min(now + before, Float.MAX_VALUE)
        : now;
  }

  /**
   * Returns what empty positions are grown by, {@code float[rank]}; the values at stored positions
   * mean nothing, and the array may be overwritten, as it is by the next call.
   */
  float[] gains() {
    return switch (scoring.growth()) {
      case GRADIENT -> scores.gains();
      case MOMENTUM -> squaredMeans();
      case RANDOM -> draws(0);
      case UNFIRED -> draws(1);
    };
  }

  /**
   * Returns the weight of an empty position that lowers the row's loss most: -g_j / h_j, or 0 where
   * that is below 0 and may not be.
   */
  float step(int dim) {
    double curvature = scores.curvature(dim);
    float step = curvature > 0 ? (float) (-scores.gradient(dim) / curvature) : 0;
    return Float.isFinite(step) && !(nonnegative && step <= 0) ? step : 0;
  }

  private float[] squaredMeans() {
    for (int j = 0; j < rank; j++) {
      means[j] = mean(j);
      boolean falls = nonnegative && means[j] >= 0;
      gains[j] = falls ? 0 : Math.min(means[j] * means[j], Float.MAX_VALUE);
    }
    return gains;
  }

  private float[] draws(int unfired) {
    for (int j = 0; j < rank; j++) {
      gains[j] = draw(j) + (memory[j] == 0 ? unfired : 0);
    }
    return gains;
  }

  private float mean(int dim) {
    double curvature = scores.curvature(dim);
    double now = curvature > 0 ? scores.gradient(dim) / Math.sqrt(curvature) : 0;
    float mean = (float) (MOMENTUM * memory[dim] + (1 - MOMENTUM) * now);
    return Float.isFinite(mean) ? mean : 0;
  }

  /** A draw from (0, 1], a multiple of 2^-24, so that floats hold it exactly. */
  private float draw(int dim) {
    long bits = SeedStream.hash(scoring.drawSeed(), Purpose.EXPLORE, block.ids()[row], dim);
    return ((bits >>> 40) + 1) * 0x1.0p-24f;
  }

  /** Returns the most positions that {@link #remember} adds for the row. */
  int mostRemembered() {
    return scoring.growth() == Growth.MOMENTUM ? table.stored(row) : rank;
  }

  /**
   * Writes what later explorations of the run need to know of the row, after {@link #gains}.
   *
   * @return the number of positions written from {@code at} on
   */
  int remember(short[] dims, float[] values, int at) {
    return scoring.growth() == Growth.MOMENTUM
        ? rememberMeans(dims, values, at)
        : rememberFired(dims, values, at);
  }

  private int rememberFired(short[] dims, float[] values, int at) {
    int to = at;
    int p = table.begin(row);
    for (int dim = 0; dim < rank; dim++) {
      boolean stored = p < table.end(row) && table.dim(p) == dim;
      p += stored ? 1 : 0;
      if (stored || memory[dim] != 0) {
        dims[to] = (short) dim;
        values[to++] = 1;
      }
    }
    return to - at;
  }

  private int rememberMeans(short[] dims, float[] values, int at) {
    int open = 0;
    int p = table.begin(row);
    for (int dim = 0; dim < rank; dim++) {
      if (p < table.end(row) && table.dim(p) == dim) {
        p++;
      } else if (means[dim] != 0) {
        // The bits of a magnitude order like it; among equal ones the lower dimension stays.
        long bits = Float.floatToRawIntBits(Math.abs(means[dim]));
        keys[open++] = bits << 32 | (long) (rank - dim);
      }
    }
    int kept = Math.min(open, table.stored(row));
    Arrays.sort(keys, 0, open);
    for (int i = 0; i < kept; i++) {
      keys[i] = rank - (keys[open - kept + i] & 0xFFFF_FFFFL);
    }
    Arrays.sort(keys, 0, kept);
    for (int i = 0; i < kept; i++) {
      dims[at + i] = (short) keys[i];
      values[at + i] = means[(int) keys[i]];
    }
    return kept;
  }
}
