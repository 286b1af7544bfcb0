package dev.coppice.data.read;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits one line at a delimiter of any length, with optional quotes as in RFC 4180: a field may be
 * enclosed in quotes, and a quote inside is doubled. A quoted field ends on its own line.
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
    boolean quoted = quote != null && line.indexOf(quote) >= 0;
    int at = 0;
    while (true) {
      if (quoted && at < line.length() && line.charAt(at) == quote) {
        StringBuilder field = new StringBuilder();
        int end = readQuoted(line, at + 1, field);
        if (end < 0) {
          return null;
        }
        fields.add(field.toString());
        if (end == line.length()) {
          return fields;
        }
        if (!line.startsWith(delimiter, end)) {
          return null;
        }
        at = end + delimiter.length();
      } else {
        int end = line.indexOf(delimiter, at);
        if (end < 0) {
          fields.add(line.substring(at));
          return fields;
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
