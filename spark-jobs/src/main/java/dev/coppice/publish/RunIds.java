package dev.coppice.publish;

import dev.coppice.core.error.UsageException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** Names of runs, which are names of directories in a registry. */
public final class RunIds {
  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private RunIds() {}

  /** Whether a name may be that of a run. */
  static boolean isAllowed(String runId) {
    return ALLOWED.matcher(runId).matches();
  }

  /**
   * Checks a name that a user gave.
   *
   * @param key the configuration key that gave it
   * @throws UsageException if it cannot be a directory on every file system
   */
  public static void check(String key, String runId) {
    if (!isAllowed(runId)) {
      throw new UsageException(
          key
              + " = \""
              + runId
              + "\" is not allowed with a registry: it must be 1 to 100 letters, digits, dots,"
              + " hyphens and underscores, a letter or digit first, such as 2026-01-31. Change"
              + " it.");
    }
  }

  /**
   * A name for a run that was given none: the time in UTC and a checksum of its settings, such as
   * {@code 20260131T020000Z-1f0c3a5b}.
   */
  public static String generate(Instant now, Map<String, String> settings) {
    CRC32 sum = new CRC32();
    sum.update(settings.toString().getBytes(StandardCharsets.UTF_8));
    return TIME.format(now.truncatedTo(ChronoUnit.SECONDS))
        + "-"
        + String.format(Locale.ROOT, "%08x", sum.getValue());
  }
}
