package dev.coppice.data.read;

import java.util.StringTokenizer;

/**
 * The form of the NCF data sets: {@code (user,item)} and then, after tabs, the items that the test
 * item is ranked against. Gives the pairs of the user and each of those items, not the test item
 * itself.
 */
public final class NegativesLineParser implements LineParser {
  private static final long serialVersionUID = 1L;

  @Override
  public void parse(String line, long number, RowSink sink) {
    StringTokenizer words = new StringTokenizer(line, "\t");
    String pair = words.nextToken().strip();
    int comma = pair.indexOf(',');
    if (!pair.startsWith("(") || !pair.endsWith(")") || comma < 2) {
      sink.bad(BadRow.MALFORMED);
      return;
    }
    String user = pair.substring(1, comma).strip();
    while (words.hasMoreTokens()) {
      String item = words.nextToken().strip();
      if (!item.isEmpty()) {
        sink.good(user, item, 1f, null, null);
      }
    }
  }
}
