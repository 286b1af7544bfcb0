package dev.coppice.data.read;

import java.util.List;
import java.util.regex.Pattern;

/**
 * How the inputs are to be read.
 *
 * @param delimiter between the fields of a line, for the delimited forms
 * @param quote the quote character, or null for none
 * @param header whether each file of a delimited form begins with the names of its columns
 * @param headerGiven whether the user said so, or that it does not
 * @param encoding the encoding of text, one that {@link #isEncoding} allows
 * @param columns the columns the user named
 * @param groupFromPath a pattern whose first group in the path of a file is the group of its rows,
 *     or null
 * @param timeFormat how times are written
 * @param needsTime whether a row without a time is bad
 * @param nullValues the texts that stand for a missing value
 * @param negativeWeights whether weights may be below 0
 */
public record ReadSettings(
    InputFormat format,
    String delimiter,
    Character quote,
    boolean header,
    boolean headerGiven,
    String encoding,
    Columns columns,
    Pattern groupFromPath,
    String timeFormat,
    boolean needsTime,
    List<String> nullValues,
    boolean negativeWeights) {

  /** Whether text in an encoding can be read. */
  public static boolean isEncoding(String name) {
    return TextEncoding.isSupported(name.strip());
  }

  Fields fields() {
    return new Fields(
        columns.weight() != null,
        columns.time() != null,
        needsTime,
        new TimeFormat(timeFormat),
        nullValues,
        negativeWeights);
  }

  PathColumns paths() {
    return new PathColumns(columns, groupFromPath);
  }
}
