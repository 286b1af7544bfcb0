package dev.coppice.data.read;

/**
 * How the inputs are to be read.
 *
 * @param delimiter between the fields of a line, for the delimited forms
 * @param quote the quote character, or null for none
 * @param header whether each file of a delimited form begins with the names of its columns
 * @param columns the columns the user named
 * @param timeFormat how times are written
 * @param needsTime whether a row without a time is bad
 */
public record ReadSettings(
    InputFormat format,
    String delimiter,
    Character quote,
    boolean header,
    Columns columns,
    String timeFormat,
    boolean needsTime) {

  Fields fields() {
    return new Fields(
        columns.weight() != null, columns.time() != null, needsTime, new TimeFormat(timeFormat));
  }
}
