package dev.coppice.data.read;

import dev.coppice.files.InputFiles;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/**
 * Parses the lines of a partition: rows of (bytes of the line, file, start of the split). Blank
 * lines pass, except inside of quotes. A row that its quotes spread over several lines is put
 * together, as long as it lies in one split.
 */
final class ParseLines implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  /** A quote that nobody closes must not take the rest of a file for its field. */
  private static final int MAX_LINES = 1000;

  private static final int MAX_CHARACTERS = 1 << 24;

  private final byte part;
  private final FileParsers parsers;
  private final TextEncoding encoding;
  // Lines before each split, by SplitOffsets.key; empty unless the parser needs line numbers.
  private final HashMap<String, Long> linesBefore;

  ParseLines(byte part, FileParsers parsers, TextEncoding encoding, Map<String, Long> linesBefore) {
    this.part = part;
    this.parsers = parsers;
    this.encoding = encoding;
    this.linesBefore = new HashMap<>(linesBefore);
  }

  @Override
  public Iterator<Row> call(Iterator<Row> lines) {
    return new Rows(new Lines(lines));
  }

  /**
   * A line.
   *
   * @param text null if the bytes are not of the encoding
   * @param shown the text for people
   * @param number in its split, from 1
   */
  private record Line(String text, String shown, String file, long start, long number) {}

  /** The lines, of which some may be looked at ahead. */
  private final class Lines {
    private final Iterator<Row> rows;
    private final Deque<Line> ahead = new ArrayDeque<>();
    private String file = "";
    private long start = -1;
    private long number;

    Lines(Iterator<Row> rows) {
      this.rows = rows;
    }

    /** The next line, or null. */
    Line take() {
      if (!ahead.isEmpty()) {
        return ahead.pop();
      }
      if (!rows.hasNext()) {
        return null;
      }
      Row row = rows.next();
      if (row.getLong(2) != start || !row.getString(1).equals(file)) {
        file = row.getString(1);
        start = row.getLong(2);
        number = 0;
      }
      number++;
      byte[] bytes = row.getAs(0);
      String text = encoding.decode(bytes);
      if (text == null) {
        return new Line(null, encoding.show(bytes), file, start, number);
      }
      // Where files were put behind one another, marks may stand in the middle.
      String line = withoutReturn(InputFiles.withoutMark(text));
      return new Line(line, line, file, start, number);
    }

    /** Spark breaks lines of other encodings than those of single bytes at line feeds alone. */
    private String withoutReturn(String text) {
      return encoding.isWide() && text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    void giveBack(List<Line> lines) {
      for (int n = lines.size() - 1; n >= 0; n--) {
        ahead.push(lines.get(n));
      }
    }
  }

  private final class Rows implements Iterator<Row>, RowSink {
    private final Lines lines;
    private final ArrayDeque<Row> ready = new ArrayDeque<>();
    private String file = "";
    private long start = -1;
    private long before;
    private LineParser parser;
    private boolean headerAhead;
    private Line line;
    private String text;

    Rows(Lines lines) {
      this.lines = lines;
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty()) {
        line = lines.take();
        if (line == null) {
          return false;
        }
        if (line.start() != start || !line.file().equals(file)) {
          enter();
        }
        readLine();
      }
      return true;
    }

    private void enter() {
      if (!line.file().equals(file)) {
        file = line.file();
        parser = parsers.of(InteractionsReader.readable(file));
      }
      start = line.start();
      headerAhead = start == 0 && parser.hasHeader();
      before = linesBefore.getOrDefault(SplitOffsets.key(file, start), 0L);
    }

    private void readLine() {
      text = line.shown();
      if (line.text() == null) {
        bad(BadRow.BAD_ENCODING);
      } else if (!text.isBlank()) {
        if (headerAhead) {
          headerAhead = false;
          if (!parser.isHeader(text)) {
            bad(BadRow.HEADER);
          }
          return;
        }
        parser.parse(text, before + line.number(), this);
      }
    }

    /** Adds the lines that belong to an open field; returns whether they make a row of it. */
    private boolean addLinesBelow() {
      StringBuilder joined = new StringBuilder(text);
      List<Line> taken = new ArrayList<>();
      while (taken.size() < MAX_LINES && joined.length() < MAX_CHARACTERS) {
        Line below = lines.take();
        if (below == null) {
          break;
        }
        taken.add(below);
        if (below.text() == null || below.start() != start || !below.file().equals(file)) {
          break;
        }
        joined.append('\n').append(below.text());
        if (parser.mayClose(below.text()) && !parser.isOpen(joined.toString())) {
          if (parser.isRow(joined.toString())) {
            text = joined.toString();
            return true;
          }
          break;
        }
      }
      lines.giveBack(taken);
      return false;
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
      ready.add(ParsedRows.good(part, user, item, weight, time, group, file, start, line.number()));
    }

    @Override
    public void bad(BadRow reason) {
      if (reason == BadRow.MALFORMED && parser.isOpen(text) && addLinesBelow()) {
        parser.parse(text, before + line.number(), this);
        return;
      }
      ready.add(ParsedRows.bad(part, reason, text, file, start, line.number()));
    }
  }
}
