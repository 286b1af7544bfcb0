package dev.coppice.core.federate;

import dev.coppice.core.items.NeighbourTable;
import dev.coppice.core.topk.ItemIndex;
import dev.coppice.core.topk.Links;
import dev.coppice.core.topk.Scorer;
import dev.coppice.core.topk.SourceRows;
import java.io.Serializable;
import java.util.Arrays;

/**
 * The neighbours that a client ended with.
 *
 * @param table one row an item of its model
 * @param othersWeight β it was learnt with
 */
public record ClientNeighbours(NeighbourTable table, double othersWeight) implements Serializable {
  private static final short[] NO_DIMS = new short[0];
  private static final float[] NO_WEIGHTS = new float[0];

  /**
   * Returns what the table recommends.
   *
   * @param data of the client: what its users have is what they are scored by
   * @param top length of the lists
   */
  public ClientLists lists(ClientData data, int top) {
    Scorer scorer =
        new Scorer(
            new ItemIndex.Builder(1)
                .addRows(
                    table.items(),
                    new int[table.items().length + 1],
                    NO_DIMS,
                    NO_WEIGHTS,
                    new Links(table.offsets(), table.neighbours(), table.weights()))
                .build(),
            top);
    return (user, seen) -> {
      int[][] list = {new int[0]};
      scorer.recommend(
          SourceRows.ofRow(NO_DIMS, NO_WEIGHTS)
              .withSeen(new int[] {0, seen.length}, seen)
              .withLinks(Links.ofRow(data.history(user), null)),
          (row, count, items, scores) -> list[0] = Arrays.copyOf(items, count));
      return list[0];
    };
  }
}
