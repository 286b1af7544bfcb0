package dev.coppice.data.read;

import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/**
 * Checks the rows of a table with typed columns: rows of (user, item, weight, time, group, file,
 * start of the split). Whole numbers become ids losslessly, a double only if it is a whole number
 * (as data frames with gaps store their integers).
 */
final class ParseColumns implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  /** Above it, a double no longer tells neighbouring whole numbers apart. */
  private static final double MAX_EXACT = 9_007_199_254_740_992.0;

  private final byte part;
  private final Fields fields;
  private final boolean numbered;
  private final PathColumns paths;

  /**
   * A parser of rows.
   *
   * @param numbered whether rows come in the order of their file, so that counting them means
   *     something
   * @param paths what the path of a file says of columns that its rows do not have
   */
  ParseColumns(byte part, Fields fields, boolean numbered, PathColumns paths) {
    this.part = part;
    this.fields = fields;
    this.numbered = numbered;
    this.paths = paths;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    return new Rows(rows);
  }

  /** Whether {@code value} can be an id, or is absent. */
  static boolean isId(Object value) {
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      return number == Math.rint(number) && Math.abs(number) < MAX_EXACT;
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.stripTrailingZeros().scale() <= 0;
    }
    return value == null
        || value instanceof String
        || value instanceof byte[]
        || value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte;
  }

  /** The id as text, null if there is none. */
  static String id(Object value) {
    if (value instanceof Double || value instanceof Float) {
      return Long.toString(((Number) value).longValue());
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toBigInteger().toString();
    }
    return text(value);
  }

  /** Epoch milliseconds of a value whose type is a time, else null. */
  private static Long millis(Object value) {
    if (value instanceof Timestamp timestamp) {
      return timestamp.getTime();
    }
    if (value instanceof Instant instant) {
      return instant.toEpochMilli();
    }
    if (value instanceof LocalDateTime local) {
      return local.toInstant(ZoneOffset.UTC).toEpochMilli();
    }
    if (value instanceof Date date) {
      return date.toLocalDate().atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }
    if (value instanceof LocalDate date) {
      return date.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }
    return null;
  }

  private static String text(Object value) {
    return value == null ? null : value.toString();
  }

  private final class Rows implements Iterator<Row>, RowSink {
    private final Iterator<Row> rows;
    private final TextEncoding encoding = TextEncoding.utf8();
    private String file = "";
    private String[] fromPath;
    private long start = -1;
    private long line;
    private Object[] values;
    private Long typedTime;
    private Row result;

    Rows(Iterator<Row> rows) {
      this.rows = rows;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public Row next() {
      if (!rows.hasNext()) {
        throw new NoSuchElementException();
      }
      Row row = rows.next();
      if (fromPath == null || row.getLong(6) != start || !row.getString(5).equals(file)) {
        file = row.getString(5);
        fromPath = paths.values(InteractionsReader.readable(file));
        start = row.getLong(6);
        line = 0;
      }
      line += numbered ? 1 : 0;
      parse(row);
      return result;
    }

    private void parse(Row row) {
      values = new Object[fromPath.length];
      boolean readable = true;
      for (int n = 0; n < values.length; n++) {
        values[n] = row.isNullAt(n) ? fromPath[n] : row.get(n);
        if (values[n] instanceof byte[] bytes) {
          String text = encoding.decode(bytes);
          readable &= text != null;
          values[n] = text == null ? encoding.show(bytes) : text;
        }
      }
      Object user = values[Columns.USER];
      Object item = values[Columns.ITEM];
      if (!readable) {
        bad(BadRow.BAD_ENCODING);
      } else if (!isId(user) || !isId(item)) {
        bad(BadRow.BAD_ID);
      } else {
        Object when = values[Columns.TIME];
        typedTime = millis(when);
        Fields checks = typedTime == null ? fields : fields.withoutTime();
        checks.accept(
            id(user),
            id(item),
            text(values[Columns.WEIGHT]),
            typedTime == null ? text(when) : null,
            text(values[Columns.GROUP]),
            this);
      }
    }

    @Override
    public void good(String user, String item, float weight, Long time, String group) {
      Long when = typedTime == null ? time : typedTime;
      result = ParsedRows.good(part, user, item, weight, when, group, file, start, line);
    }

    @Override
    public void bad(BadRow reason) {
      String text =
          "user="
              + values[Columns.USER]
              + ", item="
              + values[Columns.ITEM]
              + ", weight="
              + values[Columns.WEIGHT]
              + ", time="
              + values[Columns.TIME];
      result = ParsedRows.bad(part, reason, text, file, start, line);
    }
  }
}
