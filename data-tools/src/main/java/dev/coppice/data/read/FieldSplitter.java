package dev.coppice.data.read;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits one line at a delimiter of any length, with optional quotes as in RFC 4180: a field may be
 * enclosed in quotes, and a quote inside is doubled. A quoted field may hold line breaks: a line
 * that ends inside one {@link #isOpen is open}, and is split with the lines that follow.
 */
public final class FieldSplitter implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String delimiter;
  private final Character quote;

  /**
   * A splitter.
   *
   * @param delimiter not empty
   * @param quote the quote character, or null for none
   */
  public FieldSplitter(String delimiter, Character quote) {
    if (delimiter.isEmpty()) {
      throw new IllegalArgumentException("the delimiter is empty");
    }
    this.delimiter = delimiter;
    this.quote = quote;
  }

  /**
   * The fields of {@code line}, at least one; null if a quote is not closed or followed by text.
   */
  public List<String> split(String line) {
    List<String> fields = new ArrayList<>();
    return split(line, fields) == Ending.WHOLE ? fields : null;
  }

  /** Whether {@code line} ends inside a quoted field, so that the field may go on below. */
  boolean isOpen(String line) {
    return quote != null
        && line.indexOf(quote) >= 0
        && split(line, new ArrayList<>()) == Ending.OPEN;
  }

  /** Whether a quoted field that is open may end in {@code line}. */
  boolean mayClose(String line) {
    return quote != null && line.indexOf(quote) >= 0;
  }

  private enum Ending {
    WHOLE,
    OPEN,
    BROKEN
  }

  private Ending split(String line, List<String> fields) {
    boolean quoted = quote != null && line.indexOf(quote) >= 0;
    int at = 0;
    while (true) {
      if (quoted && at < line.length() && line.charAt(at) == quote) {
        StringBuilder field = new StringBuilder();
        int end = readQuoted(line, at + 1, field);
        if (end < 0) {
          return Ending.OPEN;
        }
        fields.add(field.toString());
        if (end == line.length()) {
          return Ending.WHOLE;
        }
        if (!line.startsWith(delimiter, end)) {
          return Ending.BROKEN;
        }
        at = end + delimiter.length();
      } else {
        int end = line.indexOf(delimiter, at);
        if (end < 0) {
          fields.add(line.substring(at));
          return Ending.WHOLE;
        }
        fields.add(line.substring(at, end));
        at = end + delimiter.length();
      }
    }
  }

  /** Reads to behind the closing quote; -1 if there is none. */
  private int readQuoted(String line, int from, StringBuilder field) {
    int at = from;
    while (true) {
      int end = line.indexOf(quote, at);
      if (end < 0) {
        return -1;
      }
      field.append(line, at, end);
      if (end + 1 < line.length() && line.charAt(end + 1) == quote) {
        field.append(quote.charValue());
        at = end + 2;
      } else {
        return end + 1;
      }
    }
  }
}
