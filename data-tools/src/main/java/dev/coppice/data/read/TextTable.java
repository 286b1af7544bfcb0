package dev.coppice.data.read;

import dev.coppice.core.error.BadInputException;
import dev.coppice.files.FileHeads;
import dev.coppice.files.InputFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A small text file of fields, read whole by the driver, such as the titles of items. What its name
 * says is compressed is decompressed.
 *
 * @param delimiter between the fields of a line, as {@link #delimiter} reads it
 * @param encoding of the text, one that {@link ReadSettings#isEncoding} allows
 */
public record TextTable(String delimiter, String encoding) {
  /** Delimiters whose files quote fields, as RFC 4180 has it. */
  private static final List<String> QUOTING = List.of(",", ";");

  /**
   * A line that is not blank.
   *
   * @param number from 1
   * @param fields at least one
   */
  public record Line(int number, List<String> fields) {}

  /** The delimiter that a setting names: {@code tab} and {@code space} are written as words. */
  public static String delimiter(String setting) {
    return switch (setting) {
      case "tab", "\\t" -> "\t";
      case "space" -> " ";
      default -> setting;
    };
  }

  /**
   * Reads the lines that are not blank.
   *
   * @param path a file of any file system that Hadoop reaches
   * @param what the file should hold, for messages
   * @param encodingKey the setting that names the encoding
   * @throws BadInputException if the file is not there, cannot be read or is not in the encoding
   */
  public List<Line> read(
      Configuration configuration, String path, String what, String encodingKey) {
    String[] lines = text(configuration, path, what, encodingKey).split("\\R", -1);
    FieldSplitter splitter =
        new FieldSplitter(delimiter, QUOTING.contains(delimiter) ? (Character) '"' : null);
    List<Line> read = new ArrayList<>();
    for (int n = 0; n < lines.length; n++) {
      if (lines[n].isBlank()) {
        continue;
      }
      List<String> fields = splitter.split(lines[n]);
      if (fields == null) {
        throw new BadInputException(
            path + ", line " + (n + 1) + " has a quote that is not closed, or text behind one");
      }
      read.add(new Line(n + 1, fields));
    }
    return read;
  }

  private String text(Configuration configuration, String path, String what, String encodingKey) {
    byte[] bytes;
    try {
      Path file = new Path(path);
      FileSystem fs = file.getFileSystem(configuration);
      if (!fs.exists(file)) {
        throw new BadInputException(path + " does not exist; it should hold " + what);
      }
      try (InputStream in = FileHeads.open(configuration, file)) {
        bytes = in.readAllBytes();
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new BadInputException(
          path
              + " cannot be read: "
              + e.getMessage()
              + ". It should be a text file that holds "
              + what
              + ".",
          e);
    }
    CharsetDecoder decoder =
        Charset.forName(encoding)
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out =
        CharBuffer.allocate((int) Math.ceil(bytes.length * (double) decoder.maxCharsPerByte()) + 1);
    if (decoder.decode(in, out, true).isError()) {
      CharBuffer before = out.flip();
      throw new BadInputException(
          path
              + ", line "
              + (before + ".").lines().count()
              + " is not "
              + encoding
              + ". Set "
              + encodingKey
              + " to the encoding of the file, such as ISO-8859-1 or windows-1252.");
    }
    return InputFiles.withoutMark(out.flip().toString());
  }
}
