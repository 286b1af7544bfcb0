package dev.coppice.core.serving;

import dev.coppice.core.error.BadInputException;
import java.io.IOException;
import java.util.Arrays;

/**
 * Ascending numbers from 0 on, stored as the gaps between them: of each number how many it lies
 * behind the successor of the one before it, the first behind 0. A gap takes a byte for every 7
 * bits, the lowest first; the highest bit of a byte says that another follows. So whatever the
 * bytes, the numbers ascend.
 *
 * <p>A list of 44 among 40,000 items takes 2 bytes a number then, where whole numbers take 4. Codes
 * of single bits would save another half byte beside the 2 or 4 of the weight, and take several
 * times as long to read.
 */
final class Gaps {
  /** Most bytes of a gap. */
  static final int MOST = 5;

  private final byte[] bytes = new byte[MOST];

  /** Appends the list {@code numbers[begin .. end)}. */
  void put(Spill to, int[] numbers, int begin, int end) throws IOException {
    int next = 0;
    for (int i = begin; i < end; i++) {
      put(to, numbers[i] - next);
      next = numbers[i] + 1;
    }
  }

  private void put(Spill to, int gap) throws IOException {
    int length = 0;
    int rest = gap;
    while (rest > 0x7F) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
    to.put(bytes, length);
  }

  /**
   * Reads a whole list.
   *
   * @param end where it ends
   * @param most numbers lie below this
   */
  static int[] read(Section from, long begin, long end, int most) {
    byte[] all = new byte[(int) (end - begin)];
    from.copy(begin, all, 0, all.length);
    int[] numbers = new int[all.length];
    int count = 0;
    int at = 0;
    int next = 0;
    while (at < all.length) {
      int gap = 0;
      int shift = 0;
      byte b;
      do {
        if (at == all.length || shift > 28) {
          throw damaged(from);
        }
        b = all[at++];
        gap |= (b & 0x7F) << shift;
        shift += 7;
      } while (b < 0);
      int number = next + gap;
      if (gap < 0 || number < 0 || number >= most) {
        throw damaged(from);
      }
      numbers[count++] = number;
      next = number + 1;
    }
    return count == numbers.length ? numbers : Arrays.copyOf(numbers, count);
  }

  static BadInputException damaged(Section section) {
    return section.damaged("section " + section.kind() + " has a gap that leads outside");
  }
}
