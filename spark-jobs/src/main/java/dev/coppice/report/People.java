package dev.coppice.report;

import java.util.Locale;

/** Numbers as people read them. */
final class People {
  private static final String[] BYTE_UNITS = {"kB", "MB", "GB", "TB", "PB", "EB"};

  private People() {}

  /** {@code 1,234}. */
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** {@code 1,234} up to ten million, then {@code 12.3 million}, {@code 4.6 billion}. */
  static String roughly(long value) {
    if (value < 10_000_000) {
      return count(value);
    }
    double millions = value / 1e6;
    // 999.95 would be shown as 1000.0
    if (millions < 999.95) {
      return tenth(millions) + " million";
    }
    double billions = value / 1e9;
    return billions < 999.95 ? tenth(billions) + " billion" : tenth(value / 1e12) + " trillion";
  }

  /** {@code 12.8 MB}; decimal units, 1 kB = 1,000 bytes. */
  static String bytes(long value) {
    if (Math.abs(value) < 1000) {
      return value + " B";
    }
    double scaled = value;
    int unit = -1;
    // 999.95 would be shown as 1000.0
    while (Math.abs(scaled) >= 999.95 && unit < BYTE_UNITS.length - 1) {
      scaled /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", scaled, BYTE_UNITS[unit]);
  }

  /** {@code 0.42 s}, {@code 12.3 s}, {@code 2 min 5 s}, {@code 3 h 2 min}. */
  static String seconds(double value) {
    if (!Double.isFinite(value)) {
      return notFinite(value);
    }
    if (value < 9.995) {
      return String.format(Locale.ROOT, "%.2f s", value);
    }
    if (value < 59.95) {
      return String.format(Locale.ROOT, "%.1f s", value);
    }
    long whole = Math.round(value);
    return whole < 3600
        ? whole / 60 + " min " + whole % 60 + " s"
        : count(whole / 3600) + " h " + whole % 3600 / 60 + " min";
  }

  /** {@code 0.1584}; from ten on {@code 412.5}. */
  static String metric(double value) {
    return Double.isFinite(value) && Math.abs(value) < 10
        ? String.format(Locale.ROOT, "%.4f", value)
        : tenth(value);
  }

  /** Six significant digits at most, with separators: {@code 812,345}, {@code 0.41315}. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return notFinite(value);
    }
    double size = Math.abs(value);
    if (value == 0) {
      return "0";
    }
    if (size >= 1e12 || size < 1e-4) {
      return String.format(Locale.ROOT, "%.4e", value);
    }
    int whole = (int) Math.floor(Math.log10(size)) + 1;
    int decimals = Math.max(0, 6 - Math.max(whole, 1));
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  /** {@code 12.8}. */
  static String tenth(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%,.1f", value) : notFinite(value);
  }

  /** {@code 8.1×}. */
  static String times(double value) {
    return Double.isFinite(value) ? tenth(value) + "×" : "–";
  }

  /** {@code 5 %}, {@code 12.5 %}; the argument is a share, 1 = all. */
  static String percent(double share) {
    if (!Double.isFinite(share)) {
      return notFinite(share);
    }
    double value = share * 100;
    String digits = String.format(Locale.ROOT, Math.abs(value) < 1 ? "%.2f" : "%.1f", value);
    return (digits.contains(".") ? digits.replaceAll("\\.?0+$", "") : digits) + " %";
  }

  /** {@code 7} or {@code 4–7}. */
  static String range(long from, long to) {
    return from == to ? count(from) : count(from) + "–" + count(to);
  }

  /** {@code 1 user}, {@code 2 users}. */
  static String many(long value, String one) {
    return count(value) + " " + one + (value == 1 ? "" : "s");
  }

  private static String notFinite(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    return value > 0 ? "+∞" : "−∞";
  }
}
