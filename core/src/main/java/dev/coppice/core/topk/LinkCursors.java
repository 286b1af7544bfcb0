package dev.coppice.core.topk;

import dev.coppice.core.linalg.Kernels;

/** Links that lie in memory: a cursor for each goes once through the list of its key. */
final class LinkCursors implements LinkAdder {

  private final LinkIndex index;
  private final LinkSums sums;
  private Links links;
  private int base;
  private int[] next = new int[0];
  private int[] ends = new int[0];

  /**
   * Cursors over an index.
   *
   * @param chunkSize most positions in a chunk
   */
  LinkCursors(LinkIndex index, int chunkSize, Kernels kernels) {
    this.index = index;
    sums = new LinkSums(chunkSize, kernels);
  }

  @Override
  public void open(Links rows, int first, int last) {
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

  @Override
  public void add(int row, int from, int size, float[] scores) {
    for (int q = links.offsets()[row]; q < links.offsets()[row + 1]; q++) {
      int at = next[q - base];
      int end = ends[q - base];
      float weight = links.weight(q);
      while (at < end && index.position(at) - from < size) {
        sums.add(index.position(at) - from, weight * index.weight(at++));
      }
      next[q - base] = at;
    }
    sums.moveTo(scores, size);
  }
}
