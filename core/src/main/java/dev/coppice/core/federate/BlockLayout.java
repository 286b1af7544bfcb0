package dev.coppice.core.federate;

import dev.coppice.core.table.SparseTable;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Cuts the global item table into blocks: buckets of items x groups of dimensions. Block {@code
 * bucket * dimGroups + group}. Fixed for a whole run, whatever the mask does inside the blocks.
 *
 * @param buckets number of item buckets
 * @param dimGroups number of dimension groups
 * @param bucketOf {@code int[items]}
 * @param groupOf {@code int[rank]}
 */
public record BlockLayout(int buckets, int dimGroups, int[] bucketOf, int[] groupOf)
    implements Serializable {

  /**
   * Puts items in the order of a rule and cuts that order into buckets of about equally many
   * weights; dimensions in the order of their strength (sum of squares over all items) into groups
   * of about equally many weights.
   *
   * @throws IllegalArgumentException if there are more buckets than items, or more groups than
   *     dimensions
   */
  public static BlockLayout of(
      BucketRule rule, int buckets, int dimGroups, SparseTable items, Census census, long seed) {
    if (buckets < 1 || buckets > Math.max(1, items.rows())) {
      throw new IllegalArgumentException(
          "itemBuckets is " + buckets + "; it must lie between 1 and " + items.rows());
    }
    if (dimGroups < 1 || dimGroups > items.rank()) {
      throw new IllegalArgumentException(
          "dimBlocks is " + dimGroups + "; it must lie between 1 and the rank, " + items.rank());
    }
    int[] bucketOf = cut(order(rule, items, census, seed), sizes(items), buckets);
    return new BlockLayout(buckets, dimGroups, bucketOf, groups(items, dimGroups));
  }

  private static int[] order(BucketRule rule, SparseTable items, Census census, long seed) {
    Integer[] rows = new Integer[items.rows()];
    Arrays.setAll(rows, row -> row);
    long[] first = new long[rows.length];
    for (int row = 0; row < rows.length; row++) {
      first[row] =
          switch (rule) {
            // Items of all clients first: the bits of a set order by how many they are, then which.
            case AVAILABILITY -> -Long.bitCount(census.availability()[row]);
            case POPULARITY -> 0;
            case COOCCURRENCE -> direction(items, row);
            case HASH -> SeedStream.hash(seed, Purpose.CLIENTS, row, 0);
          };
    }
    Comparator<Integer> order = Comparator.comparingLong(row -> first[row]);
    if (rule == BucketRule.AVAILABILITY) {
      order = order.thenComparingLong(row -> census.availability()[row]);
    }
    Arrays.sort(
        rows,
        order.thenComparingInt(row -> -census.degrees()[row]).thenComparingInt(Integer::intValue));
    return Arrays.stream(rows).mapToInt(Integer::intValue).toArray();
  }

  private static long direction(SparseTable items, int row) {
    int best = -1;
    float largest = 0;
    for (int p = items.begin(row); p < items.end(row); p++) {
      if (Math.abs(items.weights()[p]) > largest) {
        largest = Math.abs(items.weights()[p]);
        best = 2 * items.dim(p) + (items.weights()[p] < 0 ? 1 : 0);
      }
    }
    return best;
  }

  private static long[] sizes(SparseTable items) {
    long[] sizes = new long[items.rows()];
    Arrays.setAll(sizes, items::stored);
    return sizes;
  }

  private static int[] groups(SparseTable items, int dimGroups) {
    double[] strength = new double[items.rank()];
    long[] counts = new long[items.rank()];
    for (int p = 0; p < items.stored(); p++) {
      strength[items.dim(p)] += (double) items.weights()[p] * items.weights()[p];
      counts[items.dim(p)]++;
    }
    Integer[] dims = new Integer[items.rank()];
    Arrays.setAll(dims, dim -> dim);
    Arrays.sort(
        dims,
        Comparator.comparingDouble((Integer dim) -> -strength[dim])
            .thenComparingInt(Integer::intValue));
    return cut(Arrays.stream(dims).mapToInt(Integer::intValue).toArray(), counts, dimGroups);
  }

  /** Cuts an order into parts of about equal size, none of them empty. */
  private static int[] cut(int[] order, long[] sizes, int parts) {
    long total = Math.max(1, Arrays.stream(sizes).sum());
    int[] part = new int[order.length];
    long before = 0;
    int at = 0;
    for (int n = 0; n < order.length; n++) {
      int wanted = (int) Math.min(parts - 1L, before * parts / total);
      int least = parts - (order.length - n);
      at = Math.min(n == 0 ? 0 : at + 1, Math.max(at, Math.max(wanted, least)));
      part[order[n]] = at;
      before += sizes[order[n]];
    }
    return part;
  }

  /** Returns the number of blocks. */
  public int blocks() {
    return buckets * dimGroups;
  }

  /** Returns the block of a position. */
  int block(int item, int dim) {
    return bucketOf[item] * dimGroups + groupOf[dim];
  }

  /** Returns how many weights of a table lie in each block. */
  public int[] weights(SparseTable items) {
    int[] weights = new int[blocks()];
    for (int item = 0; item < items.rows(); item++) {
      for (int p = items.begin(item); p < items.end(item); p++) {
        weights[block(item, items.dim(p))]++;
      }
    }
    return weights;
  }

  /** Returns the rows with the weights of the kept blocks alone. */
  SparseTable gated(SparseTable items, boolean[] kept) {
    int[] offsets = new int[items.rows() + 1];
    short[] dims = new short[items.stored()];
    float[] weights = new float[items.stored()];
    int n = 0;
    for (int item = 0; item < items.rows(); item++) {
      for (int p = items.begin(item); p < items.end(item); p++) {
        if (kept[block(item, items.dim(p))]) {
          dims[n] = items.dims()[p];
          weights[n++] = items.weights()[p];
        }
      }
      offsets[item + 1] = n;
    }
    return new SparseTable(
        items.rank(), offsets, Arrays.copyOf(dims, n), Arrays.copyOf(weights, n));
  }
}
