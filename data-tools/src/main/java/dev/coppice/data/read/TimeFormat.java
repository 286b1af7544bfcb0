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
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

/**
 * Reads times. {@code epochSeconds} and {@code epochMillis} are numbers since 1970; anything else
 * is a pattern of {@link DateTimeFormatter} in English and UTC (or the zone that the text names),
 * with {@code iso} for ISO 8601.
 */
public final class TimeFormat implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String format;
  private transient DateTimeFormatter formatter;

  /**
   * A reader of times.
   *
   * @throws UsageException if {@code format} is neither of the words nor a pattern
   */
  public TimeFormat(String format) {
    this.format = format.strip();
    if (!isEpoch()) {
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

  private boolean isEpoch() {
    return format.equalsIgnoreCase("epochSeconds") || format.equalsIgnoreCase("epochMillis");
  }

  /** Epoch milliseconds, or null if {@code text} is no such time. */
  public Long parse(String text) {
    String value = text.strip();
    return isEpoch() ? parseEpoch(value) : parsePattern(value);
  }

  private Long parseEpoch(String value) {
    boolean seconds = format.equalsIgnoreCase("epochSeconds");
    try {
      long number = Long.parseLong(value);
      return seconds ? Math.multiplyExact(number, 1000L) : number;
    } catch (NumberFormatException | ArithmeticException e) {
      return parseDecimalEpoch(value, seconds);
    }
  }

  /** Times such as 1365029107.25 or 9.783E8; a very long number is no time. */
  private static Long parseDecimalEpoch(String value, boolean seconds) {
    if (value.length() > 40) {
      return null;
    }
    try {
      BigDecimal number = new BigDecimal(value);
      // Keeps the exponent small, or setScale would build a number of a million digits.
      if (Math.abs((long) number.scale()) > 60) {
        return null;
      }
      BigDecimal millis = seconds ? number.movePointRight(3) : number;
      return millis.setScale(0, RoundingMode.FLOOR).longValueExact();
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
        formatter =
            format.equalsIgnoreCase("iso")
                ? DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd[['T'][' ']HH:mm[:ss[.SSSSSSSSS][.SSSSSS][.SSS]]][XXX][X]",
                    Locale.ENGLISH)
                : DateTimeFormatter.ofPattern(format, Locale.ENGLISH);
      } catch (IllegalArgumentException e) {
        throw new UsageException(
            "timeFormat = \""
                + format
                + "\" is not allowed: it must be epochSeconds, epochMillis, iso or a pattern such"
                + " as yyyy-MM-dd HH:mm:ss ("
                + e.getMessage()
                + ").",
            e);
      }
    }
    return formatter;
  }

  @Override
  public String toString() {
    return format;
  }
}
