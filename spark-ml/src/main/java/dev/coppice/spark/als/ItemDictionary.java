package dev.coppice.spark.als;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.RowCode;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import scala.Tuple2;

/**
 * The distinct item ids of one block with the interactions that name them: the first step of laying
 * out a data set, after which items have codes.
 *
 * @param ids {@code long[rows]}, ascending
 * @param locals {@code int[n]}: item of each interaction, an index into ids
 * @param users {@code long[n]}: user ids
 * @param weights {@code float[n]}: weights, or null where all are 1
 * @param degrees {@code int[rows]}: interactions of each item
 */
record ItemDictionary(long[] ids, int[] locals, long[] users, float[] weights, int[] degrees)
    implements Serializable {

  /** Makes the dictionary of one block from the interactions that arrived for it. */
  static ItemDictionary of(List<PairChunk> chunks) {
    return of(chunks, KeptIds.NONE);
  }

  /**
   * Makes the dictionary of one block.
   *
   * @param kept ids that get a code even without an interaction
   */
  static ItemDictionary of(List<PairChunk> chunks, KeptIds kept) {
    int size = chunks.stream().mapToInt(PairChunk::size).reduce(0, Math::addExact);
    long[] items = new long[size];
    long[] users = new long[size];
    float[] weights = new float[size];
    int to = 0;
    for (PairChunk chunk : chunks) {
      System.arraycopy(chunk.near(), 0, items, to, chunk.size());
      System.arraycopy(chunk.far(), 0, users, to, chunk.size());
      System.arraycopy(chunk.weights(), 0, weights, to, chunk.size());
      to += chunk.size();
    }
    long[] ids = PrimitiveArrays.distinct(PrimitiveArrays.joined(items, kept.ids()));
    int[] locals = PrimitiveArrays.locals(ids, items);
    return new ItemDictionary(
        ids, locals, users, PrimitiveArrays.orNullIfOnes(weights), kept.degrees(ids, locals));
  }

  /** Returns the interactions, items coded, grouped by the block of their user. */
  List<Tuple2<Integer, CodedChunk>> byUserBlock(
      int block, RowCode code, int numBlocks, double itemDebias) {
    float[] factorOf = itemDebias == 0 ? null : factors(itemDebias);
    int[][] groups = membersByUserBlock(numBlocks);
    List<Tuple2<Integer, CodedChunk>> chunks = new ArrayList<>();
    for (int target = 0; target < numBlocks; target++) {
      int[] members = groups[target];
      if (members.length > 0) {
        long[] near = new long[members.length];
        int[] codes = new int[members.length];
        float[] factors = factorOf == null ? null : new float[members.length];
        for (int m = 0; m < members.length; m++) {
          near[m] = users[members[m]];
          codes[m] = code.encode(block, locals[members[m]]);
          if (factors != null) {
            factors[m] = factorOf[locals[members[m]]];
          }
        }
        float[] picked = weights == null ? null : PrimitiveArrays.pick(weights, members);
        chunks.add(new Tuple2<>(target, new CodedChunk(near, codes, picked, factors)));
      }
    }
    return chunks;
  }

  /** Returns the interactions of each user block, as places in this block's arrays. */
  int[][] membersByUserBlock(int numBlocks) {
    int[] targets = new int[users.length];
    for (int i = 0; i < users.length; i++) {
      targets[i] = RowCode.blockOf(users[i], numBlocks);
    }
    return PrimitiveArrays.group(targets, numBlocks);
  }

  private float[] factors(double itemDebias) {
    float[] factors = new float[ids.length];
    for (int local = 0; local < ids.length; local++) {
      factors[local] = AlsObjective.debiasFactor(degrees[local], itemDebias);
    }
    return factors;
  }
}
