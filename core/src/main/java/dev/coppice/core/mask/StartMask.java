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
public final class StartMask {
  private static final double START_DEVIATION = 0.1;

  private StartMask() {}

  /**
   * Makes the rows of one block.
   *
   * @param budget of the whole table
   * @param firstRow index of the block's first row in the whole table
   * @param ids {@code long[rows]} ids of the block's rows
   */
  public static SparseTable uniform(Budget budget, long firstRow, long[] ids, long seed) {
    int rank = budget.rank();
    int[] offsets = new int[ids.length + 1];
    for (int row = 0; row < ids.length; row++) {
      offsets[row + 1] = Math.addExact(offsets[row], budget.startWeights(firstRow + row));
    }
    short[] dims = new short[offsets[ids.length]];
    float[] weights = new float[dims.length];
    int[] deck = new int[rank];
    for (int j = 0; j < rank; j++) {
      deck[j] = j;
    }
    double deviation = START_DEVIATION / Math.sqrt(rank);
    for (int row = 0; row < ids.length; row++) {
      drawRow(deck, offsets[row], offsets[row + 1], dims, ids[row], seed);
      for (int p = offsets[row]; p < offsets[row + 1]; p++) {
        int dim = dims[p] & 0xFFFF;
        weights[p] =
            (float) (deviation * SeedStream.gaussian(seed, Purpose.START_WEIGHTS, ids[row], dim));
      }
    }
    return new SparseTable(rank, offsets, dims, weights);
  }

  /**
   * The first cards of a Fisher-Yates shuffle, undone afterwards so that every row starts alike.
   */
  private static void drawRow(int[] deck, int begin, int end, short[] dims, long id, long seed) {
    int count = end - begin;
    if (count == deck.length) {
      for (int j = 0; j < count; j++) {
        dims[begin + j] = (short) j;
      }
      return;
    }
    int[] swapped = new int[count];
    for (int i = 0; i < count; i++) {
      int other = i + SeedStream.below(deck.length - i, seed, Purpose.START_MASK, id, i);
      swapped[i] = other;
      int card = deck[other];
      deck[other] = deck[i];
      deck[i] = card;
      dims[begin + i] = (short) card;
    }
    for (int i = count - 1; i >= 0; i--) {
      int card = deck[i];
      deck[i] = deck[swapped[i]];
      deck[swapped[i]] = card;
    }
    sortUnsigned(dims, begin, end);
  }

  private static void sortUnsigned(short[] dims, int begin, int end) {
    for (int i = begin; i < end; i++) {
      dims[i] ^= Short.MIN_VALUE;
    }
    Arrays.sort(dims, begin, end);
    for (int i = begin; i < end; i++) {
      dims[i] ^= Short.MIN_VALUE;
    }
  }
}
