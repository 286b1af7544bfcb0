package dev.coppice.job.frame;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.coppice.core.error.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the user gave, as text and not yet checked: the shared keys of the configuration file, its
 * sections (one per job) and the {@code --set} options. Immutable.
 *
 * @param shared keys at the top level of the file
 * @param sections job name to the keys of its section
 * @param overrides keys of {@code --set}; {@code job.key} means that job alone
 */
public record Settings(
    Map<String, Given> shared,
    Map<String, Map<String, Given>> sections,
    Map<String, Given> overrides) {

  /**
   * One value and where it was given.
   *
   * @param text the value
   * @param origin file and line, or the option, for messages
   */
  record Given(String text, String origin) {
    private static final String OPTION = "--set";

    /** Whether the value comes from the command line rather than from a file. */
    boolean fromOption() {
      return origin.equals(OPTION);
    }
  }

  /**
   * Reads a configuration file in HOCON and the {@code --set} options.
   *
   * @param file the file, or null for none
   * @param jobs the names that may head a section
   * @throws UsageException if the file cannot be read or parsed, or an option is not {@code
   *     KEY=VALUE}
   */
  public static Settings read(Path file, List<String> sets, Set<String> jobs) {
    Map<String, Given> shared = new LinkedHashMap<>();
    Map<String, Map<String, Given>> sections = new LinkedHashMap<>();
    if (file != null) {
      try {
        read(parse(file), jobs, shared, sections);
      } catch (StackOverflowError e) {
        throw new UsageException(
            "--conf " + file + " cannot be read: it is nested too deeply. Correct the file.", e);
      }
    }
    Map<String, Given> overrides = new LinkedHashMap<>();
    for (String set : sets) {
      int equals = set.indexOf('=');
      if (equals < 1) {
        throw new UsageException(
            "--set " + set + " is not allowed: it must be KEY=VALUE, such as --set rank=128.");
      }
      overrides.put(
          set.substring(0, equals).strip(), new Given(set.substring(equals + 1), Given.OPTION));
    }
    return new Settings(shared, sections, overrides);
  }

  private static void read(
      Config parsed,
      Set<String> jobs,
      Map<String, Given> shared,
      Map<String, Map<String, Given>> sections) {
    for (Map.Entry<String, ConfigValue> entry : parsed.root().entrySet()) {
      if (jobs.contains(entry.getKey()) && entry.getValue() instanceof ConfigObject section) {
        Map<String, Given> keys = new LinkedHashMap<>();
        section.forEach((name, value) -> flatten(name, value, keys));
        sections.put(entry.getKey(), keys);
      } else {
        flatten(entry.getKey(), entry.getValue(), shared);
      }
    }
  }

  private static Config parse(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UsageException(
          "--conf "
              + file
              + " is not a file. Give the path of a configuration file; the ready-made ones lie in"
              + " conf/.");
    }
    try {
      return ConfigFactory.parseFile(
              file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
          .resolve();
    } catch (ConfigException e) {
      throw new UsageException(
          "--conf " + file + " cannot be read: " + e.getMessage() + ". Correct the file.", e);
    }
  }

  private static void flatten(String name, ConfigValue value, Map<String, Given> into) {
    if (value instanceof ConfigObject object) {
      object.forEach((inner, innerValue) -> flatten(name + "." + inner, innerValue, into));
    } else if (value.valueType() != ConfigValueType.NULL) {
      into.put(name, new Given(text(value), value.origin().description()));
    }
  }

  private static String text(ConfigValue value) {
    if (value instanceof ConfigList list) {
      return list.stream().map(Settings::text).collect(Collectors.joining(","));
    }
    return String.valueOf(value.unwrapped());
  }
}
