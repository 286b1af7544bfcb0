package dev.coppice.core.table;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * How many bytes the parts of a model take, and how many weights fit into a number of bytes.
 *
 * <p>Latent rows take what {@link ByteAccount} says. An item's neighbours take a begin of 4 bytes,
 * and for each neighbour a weight of 16 bits and the gap from the neighbour before it, in units of
 * 16 bits of which 15 belong to the gap (the serving file's form, docs/design.md section 8).
 *
 * @param users rows of users
 * @param items rows of items
 */
public record ModelBytes(long users, long items) {
  private static final int NEIGHBOUR = 2 * Short.BYTES;

  /** Bits of a unit that belong to a gap. */
  private static final int GAP_BITS = 15;

  /** Digits of what is derived from bytes. */
  private static final MathContext DIGITS = new MathContext(4, RoundingMode.FLOOR);

  /** Returns what the neighbours of all items take at most. */
  public long neighbours(long weights) {
    // The gaps of a list add up to less than the items, so few of them take a second unit.
    long longGaps = Math.min(weights, items * (items >> GAP_BITS));
    return Integer.BYTES * items + NEIGHBOUR * weights + Short.BYTES * longGaps;
  }

  /** Returns what the latent rows of both sides take that store so many weights together. */
  public long latent(long weights, boolean withImportance) {
    ByteAccount account = ByteAccount.of(users + items, weights);
    return (withImportance ? account.withImportance() : account).tableBytes();
  }

  /** Returns how many neighbours an item may have on the mean, in four digits; 0 for none. */
  public double neighboursWithin(long bytes) {
    long longGaps = items * (items >> GAP_BITS);
    long left = bytes - Integer.BYTES * items;
    // Either each weight has a long gap, or there are as many as there can be.
    long weights =
        Math.max(left / (NEIGHBOUR + Short.BYTES), (left - Short.BYTES * longGaps) / NEIGHBOUR);
    return digits(Math.max(0, Math.min(weights, items * (items - 1))), items);
  }

  /** Returns the density of both tables, in four digits, at most 1; 0 for none. */
  public double densityWithin(long bytes, int rank, boolean withImportance) {
    long left = bytes - latent(0, withImportance);
    long weights = left / (latent(1, withImportance) - latent(0, withImportance));
    long positions = Math.multiplyExact(rank, users + items);
    return digits(Math.max(0, Math.min(weights, positions)), positions);
  }

  private static double digits(long part, long whole) {
    return whole == 0
        ? 0
        : new BigDecimal(part).divide(new BigDecimal(whole), DIGITS).doubleValue();
  }
}
