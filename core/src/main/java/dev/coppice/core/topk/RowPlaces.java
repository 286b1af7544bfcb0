package dev.coppice.core.topk;

/** Which block and row of an {@link ItemIndex} stands at each position of the ascending order. */
final class RowPlaces {

  // Both null where the only block is in ascending order.
  private final int[] blockAt;
  private final int[] rowAt;

  RowPlaces(ItemIndex index) {
    ItemIndex.Block[] blocks = index.blocks();
    if (blocks.length == 1 && index.ascending()) {
      blockAt = null;
      rowAt = null;
      return;
    }
    blockAt = new int[index.size()];
    rowAt = new int[index.size()];
    for (int b = 0; b < blocks.length; b++) {
      int[] held = blocks[b].items;
      for (int r = 0; r < held.length; r++) {
        int position = index.position(held[r]);
        blockAt[position] = b;
        rowAt[position] = r;
      }
    }
  }

  int block(int position) {
    return blockAt == null ? 0 : blockAt[position];
  }

  int row(int position) {
    return rowAt == null ? position : rowAt[position];
  }
}
