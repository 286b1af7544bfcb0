package dev.coppice.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** Writes the command of a run as the results quote it: where data lie is nobody's business. */
final class CommandLineText {
  private CommandLineText() {}

  /** The command that a program was started by. */
  static String of(CommandSpec program) {
    List<String> all = program.commandLine().getParseResult().originalArgs();
    return of(program.name(), all.subList(all.indexOf(program.name()) + 1, all.size()));
  }

  /**
   * Returns {@code bench/bin/NAME ARGUMENTS} with directories shortened to {@code DIR/last} and
   * arguments quoted where a shell needs it.
   */
  static String of(String name, List<String> arguments) {
    List<String> words = new ArrayList<>();
    words.add("bench/bin/" + name);
    for (String argument : arguments) {
      int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
      String value = argument.substring(equals + 1);
      String head = argument.substring(0, equals + 1);
      if (value.startsWith("/")) {
        Path last = Path.of(value).getFileName();
        value = last == null ? "DIR" : "DIR/" + last;
      }
      String word = head + value;
      words.add(word.matches("[A-Za-z0-9_./:=,@%+-]+") ? word : "'" + word + "'");
    }
    return String.join(" ", words);
  }
}
