package dev.coppice.spark.als;

import dev.coppice.core.als.InteractionBlock;
import dev.coppice.core.als.RowCode;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * The held-out items of the users of one block, and what these users have seen.
 *
 * @param rows {@code int[n]}: users of the block that have held-out items, local, ascending
 * @param offsets {@code int[n + 1]} into items
 * @param items held-out items by {@link ItemPlaces place}, ascending and each once within a user;
 *     items that training does not know are negative, so that they count as missed
 * @param seenOffsets {@code int[n + 1]} into seen
 * @param seen items of the users' training interactions by place, ascending within a user
 * @param unknownUsers users that training does not know; no list can be made for them
 */
record HeldOut(
    int[] rows, int[] offsets, int[] items, int[] seenOffsets, int[] seen, int unknownUsers)
    implements Serializable {

  /**
   * Makes the held-out items of one block.
   *
   * @param chunks (user id, item by place) pairs
   * @param code how the block writes items
   */
  static HeldOut of(
      InteractionBlock block, List<CodedChunk> chunks, RowCode code, ItemPlaces places) {
    int size = chunks.stream().mapToInt(CodedChunk::size).reduce(0, Math::addExact);
    long[] users = new long[size];
    int[] codes = new int[size];
    int to = 0;
    for (CodedChunk chunk : chunks) {
      System.arraycopy(chunk.near(), 0, users, to, chunk.size());
      System.arraycopy(chunk.codes(), 0, codes, to, chunk.size());
      to += chunk.size();
    }
    int[] locals = PrimitiveArrays.locals(block.ids(), users);
    long[] strangers = new long[size];
    int unknown = 0;
    long[] pairs = new long[size];
    int known = 0;
    for (int i = 0; i < size; i++) {
      if (locals[i] < 0) {
        strangers[unknown++] = users[i];
      } else {
        pairs[known++] = (long) locals[i] << 32 | ((codes[i] ^ 0x80000000) & 0xFFFFFFFFL);
      }
    }
    // The flipped sign bit makes negative codes, of unknown items, sort first.
    pairs = PrimitiveArrays.distinct(Arrays.copyOf(pairs, known));
    int unknownUsers = PrimitiveArrays.distinct(Arrays.copyOf(strangers, unknown)).length;
    int[] rows = new int[pairs.length];
    int[] offsets = new int[pairs.length + 1];
    int[] items = new int[pairs.length];
    int n = 0;
    for (int p = 0; p < pairs.length; p++) {
      int row = (int) (pairs[p] >>> 32);
      if (n == 0 || rows[n - 1] != row) {
        rows[n++] = row;
      }
      items[p] = (int) pairs[p] ^ 0x80000000;
      offsets[n] = p + 1;
    }
    rows = Arrays.copyOf(rows, n);
    int[] seenOffsets = new int[n + 1];
    for (int r = 0; r < n; r++) {
      seenOffsets[r + 1] = seenOffsets[r] + block.observations(rows[r]);
    }
    int[] seen = new int[seenOffsets[n]];
    for (int r = 0; r < n; r++) {
      int from = block.offsets()[rows[r]] - seenOffsets[r];
      for (int s = seenOffsets[r]; s < seenOffsets[r + 1]; s++) {
        seen[s] = places.place(code, block.codes()[from + s]);
      }
      Arrays.sort(seen, seenOffsets[r], seenOffsets[r + 1]);
    }
    return new HeldOut(rows, Arrays.copyOf(offsets, n + 1), items, seenOffsets, seen, unknownUsers);
  }

  /** Returns the held-out items of the n-th user listed. */
  int[] test(int n) {
    return Arrays.copyOfRange(items, offsets[n], offsets[n + 1]);
  }
}
