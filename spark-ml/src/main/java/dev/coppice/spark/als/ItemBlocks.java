package dev.coppice.spark.als;

import dev.coppice.core.als.InteractionBlock;
import java.util.List;

/** The third step of laying out a data set: the item blocks. */
final class ItemBlocks {
  private ItemBlocks() {}

  /** Makes the block of the items with the given ids. */
  static InteractionBlock of(long[] ids, List<ReturnChunk> chunks) {
    int size = 0;
    boolean confidences = false;
    boolean ratings = false;
    for (ReturnChunk chunk : chunks) {
      size = Math.addExact(size, chunk.codes().length);
      confidences |= chunk.confidences() != null;
      ratings |= chunk.ratings() != null;
    }
    int[] locals = new int[size];
    int[] codes = new int[size];
    float[] allConfidences = confidences ? new float[size] : null;
    float[] allRatings = ratings ? new float[size] : null;
    int to = 0;
    for (ReturnChunk chunk : chunks) {
      int n = chunk.codes().length;
      System.arraycopy(chunk.locals(), 0, locals, to, n);
      System.arraycopy(chunk.codes(), 0, codes, to, n);
      if (confidences) {
        PrimitiveArrays.copyOrOnes(chunk.confidences(), allConfidences, to, n);
      }
      if (ratings) {
        System.arraycopy(chunk.ratings(), 0, allRatings, to, n);
      }
      to += n;
    }
    return RowSorter.sort(ids, locals, codes, allConfidences, allRatings);
  }
}
