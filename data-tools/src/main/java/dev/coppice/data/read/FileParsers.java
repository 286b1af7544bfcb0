package dev.coppice.data.read;

import java.io.Serializable;

/** Gives each file the parser of its lines, which may depend on its header and on its path. */
interface FileParsers extends Serializable {
  /**
   * The parser of a file.
   *
   * @param file its path, as {@link InteractionsReader#readable} writes it
   */
  LineParser of(String file);

  /** Whether the parsers rely on line numbers. */
  default boolean needsLineNumbers() {
    return false;
  }
}
