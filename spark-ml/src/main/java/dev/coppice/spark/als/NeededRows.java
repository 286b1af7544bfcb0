package dev.coppice.spark.als;

import dev.coppice.core.als.InteractionBlock;
import dev.coppice.core.als.RowCode;
import java.util.Arrays;

/**
 * The rows of the other side that the interactions of one block name. A block gets these alone, and
 * names them by their places among those of one source block: a table of all rows, most of them
 * empty, would be made in each task of each pass.
 */
final class NeededRows {
  private final RowCode code;
  private final int[][] rows;

  private NeededRows(RowCode code, int[][] rows) {
    this.code = code;
    this.rows = rows;
  }

  /** Finds the rows that a block needs. */
  static NeededRows of(InteractionBlock block, RowCode code, int numBlocks) {
    int[] codes = block.codes().clone();
    Arrays.sort(codes);
    int[][] rows = new int[numBlocks][];
    Arrays.fill(rows, new int[0]);
    int at = 0;
    while (at < codes.length) {
      int source = code.block(codes[at]);
      int size = 0;
      int from = at;
      while (at < codes.length && code.block(codes[at]) == source) {
        int row = code.local(codes[at++]);
        if (size == 0 || codes[from + size - 1] != row) {
          codes[from + size++] = row;
        }
      }
      rows[source] = Arrays.copyOfRange(codes, from, from + size);
    }
    return new NeededRows(code, rows);
  }

  /** Local indices of the rows of a source block, ascending. */
  int[] rows(int source) {
    return rows[source];
  }

  /** Returns the block's interactions with rows named by their places among these. */
  InteractionBlock named(InteractionBlock block) {
    int[] codes = new int[block.codes().length];
    for (int i = 0; i < codes.length; i++) {
      int source = code.block(block.codes()[i]);
      int place = Arrays.binarySearch(rows[source], code.local(block.codes()[i]));
      codes[i] = code.encode(source, place);
    }
    return block.withCodes(codes);
  }
}
