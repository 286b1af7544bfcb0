package dev.coppice.core.mask;

import dev.coppice.core.table.Budget;
import dev.coppice.core.table.SparseTable;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.util.Arrays;

/**
 * The mask and the weights that training starts with: in each row its share of the budget at
 * positions drawn uniformly without replacement, with weights drawn from N(0, 0.01 / rank).
 *
 * <p>Draws are keyed by the seed and the row's id, so a row starts the same wherever it lies.
 */
public final class InitialMask {
  private static final double START_DEVIATION = 0.1;

  private final int rank;
  private final long seed;
  private final int[] full;
  private final int[] empty;

  private InitialMask(int rank, long seed) {
    this.rank = rank;
    this.seed = seed;
    full = new int[rank];
    empty = new int[rank];
    for (int j = 0; j < rank; j++) {
      full[j] = j;
    }
  }

  /**
   * Makes the rows of one block.
   *
   * @param budget of the whole table
   * @param firstRow index of the block's first row in the whole table
   * @param ids {@code long[rows]} ids of the block's rows
   */
  public static SparseTable uniform(Budget budget, long firstRow, long[] ids, long seed) {
    return uniform(budget, firstRow, ids, seed, SparseTable.empty(budget.rank(), ids.length));
  }

  /**
   * As above, some positions being there already.
   *
   * @param held the block's rows; none holds more than its share of the budget
   */
  public static SparseTable uniform(
      Budget budget, long firstRow, long[] ids, long seed, SparseTable held) {
    int[] lengths = new int[ids.length];
    for (int row = 0; row < ids.length; row++) {
      lengths[row] = budget.startWeights(firstRow + row);
    }
    return lengthen(held, new boolean[ids.length], lengths, ids, seed);
  }

  /**
   * Adds positions to rows, drawn uniformly among those that are empty. Weights of new rows are
   * drawn, those added to known rows are 0, so that what these rows predict stays the same.
   *
   * @param known {@code boolean[rows]}: to which rows weights of 0 are added
   * @param lengths {@code int[rows]}: weights that each row shall have, at least those it has, at
   *     most the rank
   * @param ids {@code long[rows]}
   */
  static SparseTable lengthen(
      SparseTable table, boolean[] known, int[] lengths, long[] ids, long seed) {
    InitialMask start = new InitialMask(table.rank(), seed);
    int[] offsets = new int[ids.length + 1];
    for (int row = 0; row < ids.length; row++) {
      offsets[row + 1] = Math.addExact(offsets[row], lengths[row]);
    }
    short[] dims = new short[offsets[ids.length]];
    float[] weights = new float[dims.length];
    for (int row = 0; row < ids.length; row++) {
      short[] drawn = start.draw(table, row, lengths[row] - table.stored(row), ids[row]);
      int to = offsets[row];
      int p = table.begin(row);
      for (short dim : drawn) {
        int added = dim & 0xFFFF;
        for (; p < table.end(row) && table.dim(p) < added; p++, to++) {
          dims[to] = table.dims()[p];
          weights[to] = table.weights()[p];
        }
        dims[to] = dim;
        weights[to++] = known[row] ? 0 : start.weight(ids[row], added);
      }
      int rest = table.end(row) - p;
      System.arraycopy(table.dims(), p, dims, to, rest);
      System.arraycopy(table.weights(), p, weights, to, rest);
    }
    return new SparseTable(table.rank(), offsets, dims, weights);
  }

  private float weight(long id, int dim) {
    return weight(rank, seed, id, dim);
  }

  /** Returns the weight that a position of a row has at a fresh start. */
  public static float weight(int rank, long seed, long id, int dim) {
    double deviation = START_DEVIATION / Math.sqrt(rank);
    return (float) (deviation * SeedStream.gaussian(seed, Purpose.START_WEIGHTS, id, dim));
  }

  /** Draws {@code count} of a row's empty positions; ascending. */
  private short[] draw(SparseTable table, int row, int count, long id) {
    if (count == 0) {
      return new short[0];
    }
    if (table.stored(row) == 0) {
      return drawFrom(full, rank, count, id);
    }
    int size = 0;
    int p = table.begin(row);
    for (int dim = 0; dim < rank; dim++) {
      if (p < table.end(row) && table.dim(p) == dim) {
        p++;
      } else {
        empty[size++] = dim;
      }
    }
    return drawFrom(empty, size, count, id);
  }

  /**
   * The first cards of a Fisher-Yates shuffle, undone afterwards so that every row starts alike.
   */
  private short[] drawFrom(int[] deck, int size, int count, long id) {
    short[] drawn = new short[count];
    if (count == size) {
      for (int i = 0; i < count; i++) {
        drawn[i] = (short) deck[i];
      }
      return drawn;
    }
    int[] swapped = new int[count];
    for (int i = 0; i < count; i++) {
      int other = i + SeedStream.below(size - i, seed, Purpose.START_MASK, id, i);
      swapped[i] = other;
      int card = deck[other];
      deck[other] = deck[i];
      deck[i] = card;
      drawn[i] = (short) card;
    }
    for (int i = count - 1; i >= 0; i--) {
      int card = deck[i];
      deck[i] = deck[swapped[i]];
      deck[swapped[i]] = card;
    }
    sortUnsigned(drawn);
    return drawn;
  }

  private static void sortUnsigned(short[] dims) {
    for (int i = 0; i < dims.length; i++) {
      dims[i] ^= Short.MIN_VALUE;
    }
    Arrays.sort(dims);
    for (int i = 0; i < dims.length; i++) {
      dims[i] ^= Short.MIN_VALUE;
    }
  }
}
