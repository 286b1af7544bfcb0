package dev.coppice.data.read;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * ISO 8601 as data bases and programs write it: {@code 2024-01-31}, {@code 2024-01-31
 * 10:00:00.5+02}, {@code 20240131T100000Z}, {@code 2024-01-31 10:00:00 UTC}, {@code
 * 2024-01-31T10:00+01:00[Europe/Berlin]}. Up to 9 digits behind the second; UTC unless the text
 * names a zone; an offset goes before the name of a zone. Midnight may be 24:00, and the last
 * minute of an hour have a second 60.
 */
final class IsoTime {
  private static final Pattern FORM =
      Pattern.compile(
          "(?<year>\\d{4})(?<dash>-?)(?<month>\\d{2})\\k<dash>(?<day>\\d{2})"
              + "(?:[Tt ](?<hour>\\d{2})(?<colon>:?)(?<minute>\\d{2})"
              + "(?:\\k<colon>(?<second>\\d{2})(?:[.,](?<fraction>\\d{1,9}))?)?)?"
              // Go writes a name behind the offset too, which adds nothing to it.
              + "(?: ?(?:[Zz]|(?<sign>[+-])(?<hours>\\d{2})(?::?(?<minutes>\\d{2}))?"
              + "(?: [A-Z]{3,5})?))?"
              + "(?: ?(?i:UTC|GMT))?"
              + "(?:\\[(?<zone>[^\\]]+)\\])?");

  private IsoTime() {}

  /** Epoch milliseconds, rounded down, or null if {@code text} is no such time. */
  static Long parse(String text) {
    Matcher found = FORM.matcher(text);
    if (!found.matches()) {
      return null;
    }
    try {
      LocalDate date =
          LocalDate.of(number(found, "year"), number(found, "month"), number(found, "day"));
      long nanos = nanosOfDay(found);
      if (nanos < 0) {
        return null;
      }
      ZonedDateTime midnight = date.atStartOfDay(ZoneOffset.UTC);
      ZonedDateTime utc = midnight.plusNanos(nanos);
      return utc.withZoneSameLocal(zone(found, text)).toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  private static int number(Matcher found, String name) {
    String digits = found.group(name);
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  /** Nanoseconds since midnight; -1 if no clock shows this. */
  private static long nanosOfDay(Matcher found) {
    int hour = number(found, "hour");
    int minute = number(found, "minute");
    int second = number(found, "second");
    String digits = found.group("fraction");
    long nanos = digits == null ? 0 : Long.parseLong(digits + "0".repeat(9 - digits.length()));
    boolean midnight = hour == 24 && minute == 0 && second == 0 && nanos == 0;
    boolean leap = second == 60 && minute == 59 && hour < 24;
    if ((hour > 23 && !midnight) || minute > 59 || (second > 59 && !leap)) {
      return -1;
    }
    return ((hour * 60L + minute) * 60 + second) * 1_000_000_000L + nanos;
  }

  private static ZoneId zone(Matcher found, String text) {
    if (found.group("sign") != null) {
      int sign = found.group("sign").equals("-") ? -1 : 1;
      return ZoneOffset.ofHoursMinutes(
          sign * number(found, "hours"), sign * number(found, "minutes"));
    }
    boolean named = found.group("zone") != null;
    // A Z, UTC or GMT before the brackets is an offset.
    boolean utc = named && text.substring(0, text.indexOf('[')).matches(".*[A-Za-z]");
    return named && !utc ? ZoneId.of(found.group("zone")) : ZoneOffset.UTC;
  }
}
