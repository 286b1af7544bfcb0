package dev.coppice.core.serving;

import java.util.Locale;

/** The types of ids in a serving file. */
public enum IdKind {
  /** 32-bit numbers, ordered by value. */
  INT,
  /** 64-bit numbers, ordered by value. */
  LONG,
  /** Text, ordered by its UTF-8 bytes, unsigned; the empty text is an id like any other. */
  STRING;

  /** Returns the name in files and configurations: lower case. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds a type by {@link #key}.
   *
   * @throws IllegalArgumentException naming the allowed ones
   */
  public static IdKind parse(String key) {
    for (IdKind kind : values()) {
      if (kind.key().equals(key)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("id type is '" + key + "'; allowed: int, long, string");
  }
}
