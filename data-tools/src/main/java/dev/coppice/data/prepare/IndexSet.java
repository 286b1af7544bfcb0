package dev.coppice.data.prepare;

import java.io.Serializable;

/** A set of indices {@code 0 .. size-1} as bits, which can also number its members in order. */
public final class IndexSet implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int size;
  private final long[] words;
  // Members before each word; null until numbered.
  private int[] before;

  /** An empty set of indices below {@code size}. */
  public IndexSet(int size) {
    this.size = size;
    this.words = new long[(size + 63) >>> 6];
  }

  /** Adds {@code index}. */
  public void add(int index) {
    words[index >>> 6] |= 1L << index;
    before = null;
  }

  /** Whether {@code index} is in. */
  public boolean contains(int index) {
    return (words[index >>> 6] & 1L << index) != 0;
  }

  /** The number of members. */
  public int count() {
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return count;
  }

  /** This set and every index below {@code end}, able to tell {@link #rank}. */
  public IndexSet numberedWithAllBelow(int end) {
    IndexSet set = new IndexSet(size);
    System.arraycopy(words, 0, set.words, 0, words.length);
    for (int index = 0; index < end; index++) {
      set.add(index);
    }
    set.before = new int[words.length];
    for (int word = 1; word < words.length; word++) {
      set.before[word] = set.before[word - 1] + Long.bitCount(set.words[word - 1]);
    }
    return set;
  }

  /** The number of members below {@code index}; only after {@link #numberedWithAllBelow}. */
  public int rank(int index) {
    int word = index >>> 6;
    return before[word] + Long.bitCount(words[word] & ((1L << index) - 1));
  }
}
