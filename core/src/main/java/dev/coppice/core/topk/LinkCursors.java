package dev.coppice.core.topk;

import java.util.Arrays;

/**
 * Adds the linked parts of scores, one chunk of positions after another, for a tile of source rows:
 * a cursor for each of their links goes once through the list of its key. The sums of a chunk are
 * made apart from the latent scores and then added to them, so that neither depends on the other.
 */
final class LinkCursors {

  private final LinkIndex index;
  private final float[] sums;
  private Links links;
  private int base;
  private int[] next = new int[0];
  private int[] ends = new int[0];
  private int[] touched = new int[64];

  /**
   * Cursors over an index.
   *
   * @param chunkSize most positions in a chunk
   */
  LinkCursors(LinkIndex index, int chunkSize) {
    this.index = index;
    sums = new float[chunkSize];
  }

  /** Sets the cursors of the rows first..last-1 to the start of their lists. */
  void open(Links rows, int first, int last) {
    links = rows;
    base = rows.offsets()[first];
    int count = rows.offsets()[last] - base;
    if (next.length < count) {
      next = new int[count];
      ends = new int[count];
    }
    for (int i = 0; i < count; i++) {
      int place = index.find(rows.keys()[base + i]);
      next[i] = place < 0 ? 0 : index.start(place);
      ends[i] = place < 0 ? 0 : index.end(place);
    }
  }

  /**
   * Adds the linked parts of one row's scores to those of the positions {@code from .. from + size
   * - 1}, where its cursors stand.
   */
  void add(int row, int from, int size, float[] scores) {
    int count = 0;
    for (int q = links.offsets()[row]; q < links.offsets()[row + 1]; q++) {
      int at = next[q - base];
      int end = ends[q - base];
      float weight = links.weight(q);
      while (at < end && index.position(at) - from < size) {
        int place = index.position(at) - from;
        sums[place] += weight * index.weight(at++);
        if (count == touched.length) {
          touched = Arrays.copyOf(touched, 2 * count);
        }
        touched[count++] = place;
      }
      next[q - base] = at;
    }
    for (int i = 0; i < count; i++) {
      // A place that comes again adds 0, which changes no bit: no sum is -0.
      scores[touched[i]] += sums[touched[i]];
      sums[touched[i]] = 0f;
    }
  }
}
