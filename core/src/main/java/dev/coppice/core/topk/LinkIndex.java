package dev.coppice.core.topk;

import java.util.Arrays;

/**
 * The links of an {@link ItemIndex} by key: for each key the positions of the items that hold it,
 * ascending, and their weights. Takes 8 bytes a link, 4 where all weights are 1, and 8 bytes a key
 * that occurs. Immutable; shared by threads.
 */
public final class LinkIndex {

  private final int[] keys;
  // The list of keys[i] is at starts[i] .. starts[i + 1] - 1.
  private final int[] starts;
  private final int[] positions;
  private final float[] weights;

  /** Inverts the links of an index that has some. */
  LinkIndex(ItemIndex index) {
    ItemIndex.Block[] blocks = index.blocks();
    int links = 0;
    boolean weighted = false;
    for (ItemIndex.Block block : blocks) {
      if (block.links != null) {
        links += block.links.size();
        weighted |= block.links.weights() != null;
      }
    }
    int[] sorted = new int[links];
    int at = 0;
    for (ItemIndex.Block block : blocks) {
      if (block.links != null) {
        System.arraycopy(block.links.keys(), 0, sorted, at, block.links.size());
        at += block.links.size();
      }
    }
    Arrays.sort(sorted);
    int distinct = 0;
    for (int i = 0; i < links; i++) {
      distinct += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
    }
    keys = new int[distinct];
    starts = new int[distinct + 1];
    int key = 0;
    for (int i = 0; i < links; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        starts[key] = i;
        keys[key++] = sorted[i];
      }
    }
    starts[distinct] = links;
    positions = sorted;
    weights = weighted ? new float[links] : null;
    fill(index);
  }

  /** Goes through the items in ascending order, so that the positions of a key ascend. */
  private void fill(ItemIndex index) {
    ItemIndex.Block[] blocks = index.blocks();
    RowPlaces places = index.places();
    int[] next = Arrays.copyOf(starts, keys.length);
    for (int position = 0; position < index.size(); position++) {
      Links links = blocks[places.block(position)].links;
      if (links == null) {
        continue;
      }
      int row = places.row(position);
      for (int q = links.offsets()[row]; q < links.offsets()[row + 1]; q++) {
        int at = next[find(links.keys()[q])]++;
        positions[at] = position;
        if (weights != null) {
          weights[at] = links.weight(q);
        }
      }
    }
  }

  /** The place of a key, or a negative number if no item holds it. */
  int find(int key) {
    return Arrays.binarySearch(keys, key);
  }

  /** Where the list of the key at a place starts. */
  int start(int place) {
    return starts[place];
  }

  /** Where the list of the key at a place ends. */
  int end(int place) {
    return starts[place + 1];
  }

  /** The position of the item that an entry of a list stands for. */
  int position(int at) {
    return positions[at];
  }

  /** The weight of an entry of a list. */
  float weight(int at) {
    return weights == null ? 1f : weights[at];
  }
}
