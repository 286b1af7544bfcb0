package dev.coppice.data.read;

import dev.coppice.data.read.TimeFormat.Unit;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;

/** Whether epoch times were read in the wrong unit. */
public final class EpochUnits {
  /** Milliseconds of the first of January 1990: nobody recorded interactions before. */
  private static final double FIRST = 631_152_000_000.0;

  /** Milliseconds of the first of January 2100. */
  private static final double LAST = 4_102_444_800_000.0;

  private EpochUnits() {}

  /** Whether a time is so late that it is seldom meant. */
  public static boolean isFar(double millis) {
    return millis > LAST;
  }

  /**
   * The unit that makes times between 1990 and 2100 of all times, where {@code format} is another
   * unit and does not.
   *
   * @param least the earliest time as it was read, epoch milliseconds
   * @param greatest the latest
   */
  public static Optional<String> likelier(String format, long least, long greatest) {
    Optional<Unit> read = Unit.of(format);
    if (read.isEmpty() || isLikely(least, greatest, 0)) {
      return Optional.empty();
    }
    return Arrays.stream(Unit.values())
        .filter(unit -> isLikely(least, greatest, unit.toMillis() - read.get().toMillis()))
        .map(Unit::key)
        .findFirst();
  }

  private static boolean isLikely(long least, long greatest, int power) {
    double factor = Math.pow(10, power);
    return least * factor >= FIRST && greatest * factor <= LAST;
  }

  /** The day of an epoch time in milliseconds, as text. */
  public static String day(long millis) {
    return Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC).toLocalDate().toString();
  }
}
