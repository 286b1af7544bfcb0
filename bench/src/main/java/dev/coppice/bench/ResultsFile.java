package dev.coppice.bench;

import dev.coppice.files.SmallFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;

/**
 * A Markdown file of independent sections, each between a begin and an end mark, so that one
 * experiment is run again without touching the others.
 */
final class ResultsFile {
  private static final String HEAD =
      """
      # Measured results

      Every section between two marks is written by the program that it names; run its command again
      to refresh it. Text outside of the marks stays.
      """;

  private ResultsFile() {}

  /**
   * Replaces a section, or adds it at the end.
   *
   * @param key names the section in the marks: letters, digits, dots and hyphens
   * @param body Markdown, heading included
   */
  static void put(Path file, String key, String body) throws IOException {
    if (!key.matches("[A-Za-z0-9.-]+")) {
      throw new IllegalArgumentException(
          "section is '" + key + "'; allowed: letters, digits, dots and hyphens");
    }
    String old = Files.exists(file) ? Files.readString(file) : HEAD;
    new SmallFile(new Configuration(), new org.apache.hadoop.fs.Path(file.toUri()))
        .replace(replaced(old, key, body));
  }

  private static String replaced(String old, String key, String body) {
    String begin = "<!-- begin " + key + " -->";
    String end = "<!-- end " + key + " -->";
    String section = begin + "\n" + body.strip() + "\n" + end;
    int from = old.indexOf(begin);
    int to = old.indexOf(end);
    if (from >= 0 && to > from) {
      return old.substring(0, from) + section + old.substring(to + end.length());
    }
    return old.stripTrailing() + "\n\n" + section + "\n";
  }
}
