package dev.coppice.data.read;

import java.util.List;

/** Lines of fields between delimiters. */
public final class DelimitedLineParser implements LineParser {
  private static final long serialVersionUID = 1L;

  private final FieldSplitter splitter;
  private final Columns.Positions positions;
  private final int columns;
  private final Fields fields;
  private final String header;

  /**
   * A parser.
   *
   * @param columns the number of columns every line must have
   * @param header the header of every file, or null
   */
  public DelimitedLineParser(
      FieldSplitter splitter,
      Columns.Positions positions,
      int columns,
      Fields fields,
      String header) {
    this.splitter = splitter;
    this.positions = positions;
    this.columns = columns;
    this.fields = fields;
    this.header = header;
  }

  @Override
  public void parse(String line, long number, RowSink sink) {
    List<String> values = splitter.split(line);
    if (values == null) {
      sink.bad(BadRow.MALFORMED);
    } else if (values.size() != columns) {
      sink.bad(BadRow.COLUMN_COUNT);
    } else {
      fields.accept(
          values.get(positions.user()),
          values.get(positions.item()),
          at(values, positions.weight()),
          at(values, positions.time()),
          at(values, positions.group()),
          sink);
    }
  }

  private static String at(List<String> values, int position) {
    return position < 0 ? null : values.get(position);
  }

  @Override
  public String header() {
    return header;
  }
}
