package dev.coppice.core.config;

import java.util.regex.Pattern;

/**
 * Finds passwords in addresses. Settings are printed, logged and saved with models, so no address
 * may hold one.
 */
public final class Secrets {
  /** {@code scheme://user:password@}; a user alone is a container or an account. */
  private static final Pattern USER_INFO = Pattern.compile("(://[^/?#@\\s]*):[^/?#@\\s]*@");

  /** {@code password=...} and the like, in a query or behind a semicolon. */
  private static final Pattern PARAMETER =
      Pattern.compile(
          "(?i)([?&;](?:[\\w.-]*(?:password|passwd|secret|token|credential|signature"
              + "|access-?key|account-?key)[\\w.-]*|pwd|sig)=)[^&;#\\s]+");

  private Secrets() {}

  /** Returns whether a text holds an address with a password. */
  public static boolean isIn(String text) {
    return USER_INFO.matcher(text).find() || PARAMETER.matcher(text).find();
  }

  /** Returns the text with stars in place of passwords. */
  public static String hidden(String text) {
    return PARAMETER.matcher(USER_INFO.matcher(text).replaceAll("$1:***@")).replaceAll("$1***");
  }
}
