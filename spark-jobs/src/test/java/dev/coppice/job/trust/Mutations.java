package dev.coppice.job.trust;

import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Damage to the bytes of a file, by number: the same number does the same to the same bytes. */
final class Mutations {
  private Mutations() {}

  /** Returns other bytes. */
  static byte[] of(byte[] bytes, long seed, int number) {
    int size = bytes.length;
    int at = draw(Math.max(1, size), seed, number, 1);
    int length = 1 + draw(Math.max(1, Math.min(64, size)), seed, number, 2);
    byte[] changed = bytes.clone();
    switch (draw(7, seed, number, 0)) {
      case 0 -> {
        if (size > 0) {
          changed[at] = (byte) (changed[at] ^ (1 << draw(8, seed, number, 3)));
        }
      }
      case 1 -> {
        for (int i = at; i < Math.min(size, at + length); i++) {
          changed[i] = (byte) draw(256, seed, number, 4 + i - at);
        }
      }
      case 2 -> Arrays.fill(changed, at, Math.min(size, at + length), (byte) 0);
      case 3 -> changed = Arrays.copyOf(bytes, at);
      case 4 -> changed = spliced(bytes, at, at, drawn(length, seed, number));
      case 5 -> changed = spliced(bytes, at, Math.min(size, at + length), new byte[0]);
      default ->
          changed =
              spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, Math.min(size, at + length)));
    }
    return changed;
  }

  private static byte[] drawn(int length, long seed, int number) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) draw(256, seed, number, 4 + i);
    }
    return bytes;
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] between) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, from);
    out.writeBytes(between);
    out.write(bytes, to, bytes.length - to);
    return out.toByteArray();
  }

  static int draw(int bound, long seed, int number, int what) {
    return SeedStream.below(bound, seed, Purpose.SAMPLE, number, what);
  }
}
