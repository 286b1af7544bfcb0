package dev.coppice.spark.als;

import dev.coppice.core.als.InteractionBlock;
import dev.coppice.core.als.RowCode;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;

/**
 * The place of every item in the order of ids, from 0. Lists are ranked by places rather than by
 * codes, so that equal scores and equal popularity go by id, as in every ranking that is made of
 * the model later.
 *
 * @param places {@code int[blocks][rows]}: the place of each row of each item block
 * @param degrees {@code int[items]}: training interactions by place
 */
record ItemPlaces(int[][] places, int[] degrees) implements Serializable {

  /** Ids and interactions of one item block on their way to the driver. */
  record Rows(long[] ids, int[] degrees) implements Serializable {
    static Rows of(InteractionBlock block) {
      int[] degrees = new int[block.rows()];
      Arrays.setAll(degrees, block::observations);
      return new Rows(block.ids(), degrees);
    }
  }

  /** Collects the ids of all items: 12 bytes an item on the driver, where 8 an item stay. */
  static ItemPlaces of(JavaRDD<Numbered<InteractionBlock>> items, int numBlocks) {
    List<Numbered<Rows>> blocks =
        items.map(block -> new Numbered<>(block.block(), Rows.of(block.value()))).collect();
    long[] ids = blocks.stream().flatMapToLong(b -> Arrays.stream(b.value().ids())).toArray();
    Arrays.sort(ids);
    int[][] places = new int[numBlocks][];
    int[] degrees = new int[ids.length];
    for (Numbered<Rows> block : blocks) {
      long[] rows = block.value().ids();
      int[] found = new int[rows.length];
      for (int row = 0; row < rows.length; row++) {
        found[row] = Arrays.binarySearch(ids, rows[row]);
        degrees[found[row]] = block.value().degrees()[row];
      }
      places[block.block()] = found;
    }
    return new ItemPlaces(places, degrees);
  }

  /** Returns the place of an item's code. */
  int place(RowCode code, int item) {
    return places[code.block(item)][code.local(item)];
  }
}
