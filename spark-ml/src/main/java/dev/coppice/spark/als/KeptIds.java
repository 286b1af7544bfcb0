package dev.coppice.spark.als;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * Ids of a block that have a row whether they have interactions or not.
 *
 * @param ids {@code long[n]}, in any order
 * @param degrees {@code int[n]}: interactions that are not at hand but count; null for none
 */
record KeptIds(long[] ids, int[] degrees) implements Serializable {
  static final KeptIds NONE = new KeptIds(new long[0], null);

  /** Returns all ids of an initial model that belong to a block. */
  static KeptIds of(List<InitialChunk> chunks) {
    boolean counted = !chunks.isEmpty() && chunks.get(0).degrees() != null;
    return new KeptIds(
        chunks.stream().flatMapToLong(chunk -> Arrays.stream(chunk.ids())).toArray(),
        counted
            ? chunks.stream().flatMapToInt(chunk -> Arrays.stream(chunk.degrees())).toArray()
            : null);
  }

  /**
   * Returns how many interactions each row of a block has, those that are not at hand too.
   *
   * @param rows the block's ids, ascending, these among them
   * @param locals row of each interaction at hand
   */
  int[] degrees(long[] rows, int[] locals) {
    int[] counts = PrimitiveArrays.count(locals, rows.length);
    if (degrees != null) {
      int[] places = PrimitiveArrays.locals(rows, ids);
      for (int i = 0; i < ids.length; i++) {
        counts[places[i]] = Math.addExact(counts[places[i]], degrees[i]);
      }
    }
    return counts;
  }
}
