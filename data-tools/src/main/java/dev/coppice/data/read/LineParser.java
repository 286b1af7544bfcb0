package dev.coppice.data.read;

import java.io.Serializable;

/** Takes one line of text apart. Free of Spark; must be serialisable and without shared state. */
public interface LineParser extends Serializable {
  /**
   * Gives every interaction of {@code line} to {@code sink}, or one bad row.
   *
   * @param line the line without its line break, never blank
   * @param number the line's number in its file, from 1; exact only if {@link
   *     FileParsers#needsLineNumbers}
   */
  void parse(String line, long number, RowSink sink);

  /** Whether the first line of the file that is not blank names its columns. */
  default boolean hasHeader() {
    return false;
  }

  /** Whether {@code line} is the header of the file. */
  default boolean isHeader(String line) {
    return false;
  }

  /** Whether {@code line} ends inside a field that may go on in the lines that follow. */
  default boolean isOpen(String line) {
    return false;
  }

  /** Whether an open field may end in {@code line}. */
  default boolean mayClose(String line) {
    return false;
  }

  /** Whether {@code text} is a row, of one line or several, that can be taken apart. */
  default boolean isRow(String text) {
    return true;
  }
}
