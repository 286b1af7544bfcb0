package dev.coppice.data.read;

import java.io.Serializable;

/** Takes one line of text apart. Free of Spark; must be serialisable and without shared state. */
public interface LineParser extends Serializable {
  /**
   * Gives every interaction of {@code line} to {@code sink}, or one bad row.
   *
   * @param line the line without its line break, never blank
   * @param number the line's number in its file, from 1; exact only if {@link #needsLineNumbers}
   */
  void parse(String line, long number, RowSink sink);

  /** The header that begins every file, or null. */
  default String header() {
    return null;
  }

  /** Whether {@link #parse} relies on the line number. */
  default boolean needsLineNumbers() {
    return false;
  }
}
