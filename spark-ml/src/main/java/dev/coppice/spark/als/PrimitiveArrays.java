package dev.coppice.spark.als;

import java.util.Arrays;

/** The few operations on primitive arrays that laying out interactions needs. */
final class PrimitiveArrays {
  private PrimitiveArrays() {}

  /** Returns the values of both arrays. */
  static long[] joined(long[] values, long[] more) {
    long[] all = Arrays.copyOf(values, values.length + more.length);
    System.arraycopy(more, 0, all, values.length, more.length);
    return all;
  }

  /** Returns the distinct values, ascending. */
  static long[] distinct(long[] values) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    int size = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        sorted[size++] = sorted[i];
      }
    }
    return Arrays.copyOf(sorted, size);
  }

  /** Returns the index of every value in {@code ids}, which ascends; negative where absent. */
  static int[] locals(long[] ids, long[] values) {
    int[] locals = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      locals[i] = Arrays.binarySearch(ids, values[i]);
    }
    return locals;
  }

  /** Returns how often each of {@code 0 .. size - 1} occurs. */
  static int[] count(int[] values, int size) {
    int[] counts = new int[size];
    for (int value : values) {
      counts[value]++;
    }
    return counts;
  }

  /** Returns, for each of {@code 0 .. groups - 1}, the places where it occurs, ascending. */
  static int[][] group(int[] values, int groups) {
    int[] counts = count(values, groups);
    int[][] members = new int[groups][];
    for (int g = 0; g < groups; g++) {
      members[g] = new int[counts[g]];
    }
    Arrays.fill(counts, 0);
    for (int i = 0; i < values.length; i++) {
      members[values[i]][counts[values[i]]++] = i;
    }
    return members;
  }

  /** Returns the values at the given places. */
  static float[] pick(float[] values, int[] places) {
    float[] picked = new float[places.length];
    for (int i = 0; i < places.length; i++) {
      picked[i] = values[places[i]];
    }
    return picked;
  }

  /** Copies values, or ones where there are none, to a place of another array. */
  static void copyOrOnes(float[] from, float[] to, int at, int size) {
    if (from == null) {
      Arrays.fill(to, at, at + size, 1f);
    } else {
      System.arraycopy(from, 0, to, at, size);
    }
  }

  /** Returns the array, or null if every value is 1, so that it need not be kept. */
  static float[] orNullIfOnes(float[] values) {
    for (float value : values) {
      if (value != 1f) {
        return values;
      }
    }
    return null;
  }
}
