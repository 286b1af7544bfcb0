package dev.coppice.data.read;

import java.io.Serializable;
import java.util.List;

/** Lines of fields between delimiters. */
public final class DelimitedLineParser implements LineParser {
  private static final long serialVersionUID = 1L;

  private final FieldSplitter splitter;
  private final Layout layout;
  private final Fields fields;
  private final String[] fromPath;

  /**
   * What stands where in a file.
   *
   * @param names the names in the header, or null if there is none
   * @param columns the number of columns every line must have
   * @param positions where the columns are; -1 for those that are not in the lines
   */
  // Lists of List.of and toList, which can be written.
  record Layout(List<String> names, int columns, Columns.Positions positions)
      implements Serializable {}

  /**
   * A parser.
   *
   * @param fromPath the texts of columns that are not in the lines, in the order of {@link
   *     Columns#KEYS}; null for none
   */
  DelimitedLineParser(FieldSplitter splitter, Layout layout, Fields fields, String... fromPath) {
    this.splitter = splitter;
    this.layout = layout;
    this.fields = fields;
    this.fromPath = fromPath;
  }

  @Override
  public void parse(String line, long number, RowSink sink) {
    List<String> values = splitter.split(line);
    if (values == null) {
      sink.bad(BadRow.MALFORMED);
      return;
    }
    if (values.equals(layout.names())) {
      sink.bad(BadRow.REPEATED_HEADER);
      return;
    }
    String user = value(values, Columns.USER);
    String item = value(values, Columns.ITEM);
    if (layout.names() != null && isOtherHeader(user, item)) {
      sink.bad(BadRow.HEADER);
    } else if (values.size() != layout.columns()) {
      sink.bad(BadRow.COLUMN_COUNT);
    } else {
      fields.accept(
          user,
          item,
          value(values, Columns.WEIGHT),
          value(values, Columns.TIME),
          value(values, Columns.GROUP),
          sink);
    }
  }

  /** Whether names of columns stand where ids should be, both of this file or both well known. */
  private boolean isOtherHeader(String user, String item) {
    return HeaderWords.areNames(user, item)
        || (layout.names().contains(user) && layout.names().contains(item));
  }

  private String value(List<String> values, int column) {
    int position = layout.positions().at(column);
    if (position < 0) {
      return fromPath.length == 0 ? null : fromPath[column];
    }
    return position < values.size() ? values.get(position) : null;
  }

  @Override
  public boolean hasHeader() {
    return layout.names() != null;
  }

  @Override
  public boolean isHeader(String line) {
    return layout.names() != null && layout.names().equals(splitter.split(line));
  }

  @Override
  public boolean isOpen(String line) {
    return splitter.isOpen(line);
  }

  @Override
  public boolean mayClose(String line) {
    return splitter.mayClose(line);
  }

  @Override
  public boolean isRow(String text) {
    List<String> values = splitter.split(text);
    return values != null && values.size() == layout.columns();
  }
}
