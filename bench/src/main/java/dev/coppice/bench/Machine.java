package dev.coppice.bench;

import dev.ludovic.netlib.blas.BLAS;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** What a measurement ran on, for the record. */
final class Machine {
  private Machine() {}

  /** Returns facts by name, in order. */
  static Map<String, String> facts(SparkSession spark) {
    Map<String, String> facts = facts();
    facts.put("Spark", spark.version() + ", " + spark.sparkContext().master());
    return facts;
  }

  /** Returns the facts of a measurement without Spark. */
  static Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("date", LocalDate.now(ZoneOffset.UTC).toString());
    facts.put("commit", commit(Path.of("")));
    facts.put("processor", processor());
    facts.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
    facts.put("memory", memory());
    facts.put("driver heap", (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put(
        "JDK", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    facts.put("BLAS of MLlib", BLAS.getInstance().getClass().getSimpleName());
    facts.put("load before", Markdown.number(loadAverage(), 2));
    return facts;
  }

  /**
   * Returns the commit that a directory is checked out at, and says if files have changed since;
   * documents do not count, as measurements write into them.
   *
   * @return {@code (unknown)} outside of a repository, and without git
   */
  static String commit(Path directory) {
    return git(directory, "rev-parse", "--short", "HEAD")
        .map(
            hash ->
                git(directory, "status", "--porcelain", "-uno", "--", ":/", ":(exclude,top)*.md")
                    .filter(String::isEmpty)
                    .map(none -> hash)
                    .orElse(hash + " with changes"))
        .orElse("(unknown)");
  }

  /** Returns what git prints, if it succeeds. */
  private static Optional<String> git(Path directory, String... arguments) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toAbsolutePath().toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? Optional.of(text.strip()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Returns the load average of the last minute; below 0 where it is unknown. */
  static double loadAverage() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private static String processor() {
    return firstLine("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch"));
  }

  private static String memory() {
    return firstLine("/proc/meminfo", "MemTotal")
        .map(text -> text.replaceAll("[^0-9]", ""))
        .map(kib -> Markdown.number(Long.parseLong(kib) / 1048576.0, 1) + " GiB")
        .orElse("unknown");
  }

  private static Optional<String> firstLine(String file, String key) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
