package dev.coppice.job.frame;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import java.util.ArrayList;
import java.util.List;

/** Writes the keys of a job for its help text: name, default, allowed values, meaning. */
public final class KeyHelp {
  private static final int WIDTH = 98;
  private static final String INDENT = "      ";

  private KeyHelp() {}

  /** The lines, with a percent sign doubled as picocli's formatter wants it. */
  public static List<String> lines(ConfigSchema schema) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("Keys (default in brackets)");
    for (ConfigKey<?> key : schema.keys()) {
      String value =
          key.defaultText()
              .map(text -> " [" + text + "]")
              .orElse(key.required() ? " (required)" : "");
      lines.add("  " + key.name() + value + ": " + key.allowed());
      lines.addAll(wrap(key.doc()));
    }
    lines.replaceAll(line -> line.replace("%", "%%"));
    return lines;
  }

  private static List<String> wrap(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(INDENT);
    for (String word : text.split(" ", -1)) {
      if (line.length() > INDENT.length() && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(INDENT);
      }
      line.append(line.length() > INDENT.length() ? " " : "").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
