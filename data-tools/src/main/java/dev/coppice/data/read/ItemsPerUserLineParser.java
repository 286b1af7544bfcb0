package dev.coppice.data.read;

import java.util.StringTokenizer;

/**
 * A line per user: {@code user item item ...} (LightGCN) or {@code count item item ...} with the
 * line number, from 1, as the user (CiteULike). Fields are separated by blanks or tabs.
 */
public final class ItemsPerUserLineParser implements LineParser {
  private static final long serialVersionUID = 1L;

  private final boolean counted;
  private final String group;

  /**
   * A parser.
   *
   * @param counted whether of the counted form, or of the one that names the user
   * @param group the group of all rows, or null
   */
  public ItemsPerUserLineParser(boolean counted, String group) {
    this.counted = counted;
    this.group = group;
  }

  @Override
  public void parse(String line, long number, RowSink sink) {
    StringTokenizer words = new StringTokenizer(line, " \t");
    String first = words.nextToken();
    String user = first;
    if (counted) {
      if (!first.equals(Integer.toString(words.countTokens()))) {
        sink.bad(BadRow.MALFORMED);
        return;
      }
      user = Long.toString(number);
    }
    while (words.hasMoreTokens()) {
      sink.good(user, words.nextToken(), 1f, null, group);
    }
  }
}
