package dev.coppice.data.read;

import dev.coppice.core.error.UsageException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads times. {@code epochSeconds}, {@code epochMillis}, {@code epochMicros} and {@code
 * epochNanos} are numbers since 1970; anything else is a pattern of {@link DateTimeFormatter} in
 * English and UTC (or the zone that the text names), with {@code iso} for {@link IsoTime ISO 8601}.
 * Days that the calendar does not have are no times.
 */
public final class TimeFormat implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final Pattern QUOTED = Pattern.compile("'[^']*'");

  private final String format;
  private final boolean iso;
  // Null for what is no epoch time.
  private final Unit unit;
  private transient DateTimeFormatter formatter;

  /** The units of epoch times. */
  enum Unit {
    /** Seconds. */
    SECONDS("epochSeconds", 3),
    /** Milliseconds. */
    MILLIS("epochMillis", 0),
    /** Microseconds. */
    MICROS("epochMicros", -3),
    /** Nanoseconds. */
    NANOS("epochNanos", -6);

    private final String key;
    private final int toMillis;

    Unit(String key, int toMillis) {
      this.key = key;
      this.toMillis = toMillis;
    }

    /** How a configuration names it. */
    String key() {
      return key;
    }

    /** The power of ten that makes milliseconds of it. */
    int toMillis() {
      return toMillis;
    }

    /** The unit that a format names, if it names one. */
    static Optional<Unit> of(String format) {
      return Arrays.stream(values())
          .filter(unit -> unit.key.equalsIgnoreCase(format.strip()))
          .findFirst();
    }
  }

  /**
   * A reader of times.
   *
   * @throws UsageException if {@code format} is neither of the words nor a pattern
   */
  public TimeFormat(String format) {
    this.format = format.strip();
    iso = this.format.equalsIgnoreCase("iso");
    unit = Unit.of(format).orElse(null);
    if (unit == null && !iso) {
      formatter();
    }
  }

  /**
   * Checks that {@code format} can be read.
   *
   * @throws UsageException if it cannot
   */
  public static void check(String format) {
    TimeFormat unused = new TimeFormat(format);
  }

  /** Epoch milliseconds, or null if {@code text} is no such time. */
  public Long parse(String text) {
    String value = text.strip();
    if (iso) {
      return IsoTime.parse(value);
    }
    return unit == null ? parsePattern(value) : parseEpoch(value, unit);
  }

  private static Long parseEpoch(String value, Unit unit) {
    try {
      long number = Long.parseLong(value);
      return switch (unit) {
        case SECONDS -> Math.multiplyExact(number, 1000L);
        case MILLIS -> number;
        case MICROS -> Math.floorDiv(number, 1000L);
        case NANOS -> Math.floorDiv(number, 1_000_000L);
      };
    } catch (NumberFormatException | ArithmeticException e) {
      return parseDecimalEpoch(value, unit);
    }
  }

  /** Times such as 1365029107.25 or 9.783E8; a very long number is no time. */
  private static Long parseDecimalEpoch(String value, Unit unit) {
    if (value.length() > 40) {
      return null;
    }
    try {
      BigDecimal number = new BigDecimal(value);
      // Keeps the exponent small, or setScale would build a number of a million digits.
      if (Math.abs((long) number.scale()) > 60) {
        return null;
      }
      return number
          .movePointRight(unit.toMillis())
          .setScale(0, RoundingMode.FLOOR)
          .longValueExact();
    } catch (NumberFormatException | ArithmeticException e) {
      return null;
    }
  }

  private Long parsePattern(String value) {
    try {
      TemporalAccessor time =
          formatter()
              .parseBest(
                  value, ZonedDateTime::from, LocalDateTime::from, LocalDate::from, Instant::from);
      if (time instanceof ZonedDateTime zoned) {
        return zoned.toInstant().toEpochMilli();
      }
      if (time instanceof LocalDateTime local) {
        return local.toInstant(ZoneOffset.UTC).toEpochMilli();
      }
      if (time instanceof LocalDate date) {
        return date.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
      }
      return ((Instant) time).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  private DateTimeFormatter formatter() {
    if (formatter == null) {
      try {
        formatter = ofPattern();
      } catch (IllegalArgumentException e) {
        throw new UsageException(
            "timeFormat = \""
                + format
                + "\" is not allowed: it must be epochSeconds, epochMillis, epochMicros,"
                + " epochNanos, iso or a pattern such as yyyy-MM-dd HH:mm:ss ("
                + e.getMessage()
                + ").",
            e);
      }
    }
    return formatter;
  }

  private DateTimeFormatter ofPattern() {
    String letters = QUOTED.matcher(format).replaceAll("");
    if (letters.matches(".*[hK].*") && !letters.matches(".*[aB].*")) {
      // Java reads such a text as a day alone, and the hours would be lost.
      throw new IllegalArgumentException(
          "h and K are hours from 1 to 12 and need a for AM or PM; hours from 0 to 23 are H");
    }
    return new DateTimeFormatterBuilder()
        .appendPattern(format)
        // The era that yyyy leaves open; yyyy is what everybody writes for the year.
        .parseDefaulting(ChronoField.ERA, 1)
        .toFormatter(Locale.ENGLISH)
        .withResolverStyle(ResolverStyle.STRICT);
  }

  @Override
  public String toString() {
    return format;
  }
}
