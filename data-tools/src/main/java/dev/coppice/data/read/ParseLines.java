package dev.coppice.data.read;

import dev.coppice.files.InputFiles;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/** Parses the lines of a partition: rows of (line, file, start of the split). Blank lines pass. */
final class ParseLines implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final byte part;
  private final LineParser parser;
  // Lines before each split, by SplitOffsets.key; empty unless the parser needs line numbers.
  private final HashMap<String, Long> linesBefore;

  ParseLines(byte part, LineParser parser, Map<String, Long> linesBefore) {
    this.part = part;
    this.parser = parser;
    this.linesBefore = new HashMap<>(linesBefore);
  }

  @Override
  public Iterator<Row> call(Iterator<Row> lines) {
    return new Rows(lines);
  }

  private final class Rows implements Iterator<Row>, RowSink {
    private final Iterator<Row> lines;
    private final ArrayDeque<Row> ready = new ArrayDeque<>();
    private String file = "";
    private long start = -1;
    private long line;
    private long before;
    private String text;

    Rows(Iterator<Row> lines) {
      this.lines = lines;
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && lines.hasNext()) {
        Row row = lines.next();
        if (row.getLong(2) != start || !row.getString(1).equals(file)) {
          file = row.getString(1);
          start = row.getLong(2);
          line = 0;
          before = linesBefore.getOrDefault(SplitOffsets.key(file, start), 0L);
        }
        line++;
        text = row.getString(0);
        parseOne(start == 0 && line == 1);
      }
      return !ready.isEmpty();
    }

    private void parseOne(boolean first) {
      if (first) {
        text = InputFiles.withoutMark(text);
        if (parser.header() != null) {
          if (!text.equals(parser.header())) {
            bad(BadRow.HEADER);
          }
          return;
        }
      }
      if (!text.isBlank()) {
        parser.parse(text, before + line, this);
      }
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.pop();
    }

    @Override
    public void good(String user, String item, float weight, Long time, String group) {
      ready.add(ParsedRows.good(part, user, item, weight, time, group, file, start, line));
    }

    @Override
    public void bad(BadRow reason) {
      ready.add(ParsedRows.bad(part, reason, text, file, start, line));
    }
  }
}
