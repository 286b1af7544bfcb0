package dev.coppice.core.serving;

import dev.coppice.core.error.BadInputException;
import java.io.IOException;
import java.util.Arrays;

/**
 * Ascending numbers from 0 on, stored as the gaps between them: of each number how many it lies
 * behind the successor of the one before it, the first behind 0. So whatever is read, the numbers
 * ascend. A gap takes one unit of 16 bits if it is below 2<sup>15</sup>, else more: 15 bits each,
 * the lowest first, and the highest bit of a unit says that another follows.
 *
 * <p>A list of 44 among 40,000 items takes 2 bytes a number then, among a million 2.5, where whole
 * numbers take 4. Units of 8 bits would save up to half a byte beside the 2 or 4 of a weight; but
 * in the lists of popular items, which are read most, short and long gaps would alternate in a way
 * that no processor can foresee.
 */
final class Gaps {
  /** Most units of a number. */
  static final int MOST = 3;

  /** Bits of a unit that belong to the gap. */
  static final int BITS = 15;

  /** These bits. */
  static final int MASK = (1 << BITS) - 1;

  private Gaps() {}

  /** Appends the list {@code numbers[begin .. end)}. */
  static void put(Spill to, int[] numbers, int begin, int end) throws IOException {
    int next = 0;
    for (int i = begin; i < end; i++) {
      int gap = numbers[i] - next;
      while (gap > MASK) {
        to.putShort((short) (gap | ~MASK));
        gap >>>= BITS;
      }
      to.putShort((short) gap);
      next = numbers[i] + 1;
    }
  }

  /**
   * Reads the {@code count} units from {@code begin} on, a whole list.
   *
   * @param limit numbers lie below this
   * @throws BadInputException if they do not, or the last one is cut off
   */
  static int[] read(Section from, long begin, int count, int limit) {
    short[] units = new short[count];
    from.copy(begin, units, 0, count);
    int[] numbers = new int[count];
    int found = 0;
    int next = 0;
    int at = 0;
    while (at < count) {
      int unit = units[at++];
      int gap = unit & MASK;
      for (int shift = BITS; unit < 0; shift += BITS) {
        if (at == count || shift >= MOST * BITS) {
          throw damaged(from);
        }
        unit = units[at++];
        gap |= (unit & MASK) << shift;
      }
      numbers[found] = checked(from, next, gap, limit);
      next = numbers[found++] + 1;
    }
    return found == count ? numbers : Arrays.copyOf(numbers, found);
  }

  /** Returns {@code next + gap}, which is to lie below {@code limit}. */
  static int checked(Section from, int next, int gap, int limit) {
    int number = next + gap;
    if (gap < 0 || number < 0 || number >= limit) {
      throw damaged(from);
    }
    return number;
  }

  /** Returns the error of a list that cannot be in a whole file. */
  static BadInputException damaged(Section section) {
    return section.damaged("section " + section.kind() + " has a gap that leads outside");
  }
}
