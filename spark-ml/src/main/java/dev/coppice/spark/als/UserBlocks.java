package dev.coppice.spark.als;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.InteractionBlock;
import dev.coppice.core.als.RowCode;
import java.util.ArrayList;
import java.util.List;
import scala.Tuple2;

/** The second step of laying out a data set: the user blocks, and their way back to the items. */
final class UserBlocks {
  private UserBlocks() {}

  /**
   * Makes the block of the users that the chunks name.
   *
   * @param kept ids that get a row even without an interaction
   */
  static InteractionBlock of(List<CodedChunk> chunks, KeptIds kept, AlsObjective objective) {
    int size = chunks.stream().mapToInt(CodedChunk::size).reduce(0, Math::addExact);
    long[] users = new long[size];
    int[] codes = new int[size];
    boolean weighted = chunks.stream().anyMatch(chunk -> chunk.weights() != null);
    float[] weights = new float[size];
    float[] factors = new float[size];
    int to = 0;
    for (CodedChunk chunk : chunks) {
      System.arraycopy(chunk.near(), 0, users, to, chunk.size());
      System.arraycopy(chunk.codes(), 0, codes, to, chunk.size());
      PrimitiveArrays.copyOrOnes(chunk.weights(), weights, to, chunk.size());
      PrimitiveArrays.copyOrOnes(chunk.factors(), factors, to, chunk.size());
      to += chunk.size();
    }
    long[] ids = PrimitiveArrays.distinct(PrimitiveArrays.joined(users, kept.ids()));
    int[] locals = PrimitiveArrays.locals(ids, users);
    int[] degrees = kept.degrees(ids, locals);
    boolean explicit = objective.feedback() == AlsObjective.Feedback.EXPLICIT;
    float[] confidences = null;
    if ((weighted && !explicit) || objective.userDebias() != 0 || objective.itemDebias() != 0) {
      float[] userFactors = new float[ids.length];
      for (int row = 0; row < ids.length; row++) {
        userFactors[row] = AlsObjective.debiasFactor(degrees[row], objective.userDebias());
      }
      confidences = new float[size];
      for (int i = 0; i < size; i++) {
        float factor = userFactors[locals[i]] * factors[i];
        confidences[i] = explicit ? factor : weights[i] * factor;
      }
    }
    return RowSorter.sort(ids, locals, codes, confidences, explicit ? weights : null);
  }

  /** Returns the interactions of a user block, users coded, grouped by the block of their item. */
  static List<Tuple2<Integer, ReturnChunk>> byItemBlock(
      int block, InteractionBlock interactions, RowCode code, int numBlocks) {
    int[] targets = new int[interactions.codes().length];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = code.block(interactions.codes()[i]);
    }
    int[][] groups = PrimitiveArrays.group(targets, numBlocks);
    List<Tuple2<Integer, ReturnChunk>> chunks = new ArrayList<>();
    for (int target = 0; target < numBlocks; target++) {
      int[] members = groups[target];
      if (members.length == 0) {
        continue;
      }
      int[] locals = new int[members.length];
      int[] codes = new int[members.length];
      int row = 0;
      for (int m = 0; m < members.length; m++) {
        while (interactions.offsets()[row + 1] <= members[m]) {
          row++;
        }
        locals[m] = code.local(interactions.codes()[members[m]]);
        codes[m] = code.encode(block, row);
      }
      chunks.add(
          new Tuple2<>(
              target,
              new ReturnChunk(
                  locals,
                  codes,
                  pick(interactions.confidences(), members),
                  pick(interactions.ratings(), members))));
    }
    return chunks;
  }

  private static float[] pick(float[] values, int[] members) {
    return values == null ? null : PrimitiveArrays.pick(values, members);
  }
}
