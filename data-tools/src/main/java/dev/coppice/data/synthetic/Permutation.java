package dev.coppice.data.synthetic;

import dev.coppice.data.prepare.Keyed;
import java.io.Serializable;

/**
 * A keyed random order of {@code 0 .. size-1} in constant memory: a Feistel network over the next
 * even power of two, walked until it lands inside (Black, Rogaway: Ciphers with arbitrary finite
 * domains, CT-RSA 2002).
 */
final class Permutation implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int ROUNDS = 4;

  private final long size;
  private final long seed;
  private final int halfBits;
  private final long halfMask;

  Permutation(long size, long seed) {
    this.size = size;
    this.seed = seed;
    int bits = Math.max(2, 64 - Long.numberOfLeadingZeros(Math.max(1, size - 1)));
    this.halfBits = (bits + 1) / 2;
    this.halfMask = (1L << halfBits) - 1;
  }

  /** Where {@code index} goes. */
  long apply(long index) {
    long at = index;
    do {
      at = encrypt(at);
    } while (at >= size);
    return at;
  }

  /** Where {@code place} comes from. */
  long invert(long place) {
    long at = place;
    do {
      at = decrypt(at);
    } while (at >= size);
    return at;
  }

  private long encrypt(long value) {
    long left = value >>> halfBits;
    long right = value & halfMask;
    for (int round = 0; round < ROUNDS; round++) {
      long next = left ^ (Keyed.hash(seed, round, right) & halfMask);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }

  private long decrypt(long value) {
    long left = value >>> halfBits;
    long right = value & halfMask;
    for (int round = ROUNDS - 1; round >= 0; round--) {
      long next = right ^ (Keyed.hash(seed, round, left) & halfMask);
      right = left;
      left = next;
    }
    return left << halfBits | right;
  }
}
