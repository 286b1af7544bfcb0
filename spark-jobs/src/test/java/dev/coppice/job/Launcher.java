package dev.coppice.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Runs commands of a Coppice project as processes of their own. */
final class Launcher {
  /** Options of spark-submit that make small jobs short; nothing that a result depends on. */
  static final String QUICK =
      "--conf spark.ui.enabled=false --conf spark.sql.shuffle.partitions=4"
          + " --conf 'spark.driver.extraJavaOptions=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC'"
          + " --conf 'spark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC'";

  private static final long LIMIT_MINUTES = 20;

  private final Path scratch;
  private final Map<String, String> environment = new HashMap<>();

  /**
   * A launcher that uses the jar under test and two cores.
   *
   * @param scratch a directory for what the processes print
   */
  Launcher(Path scratch) {
    this.scratch = scratch;
    environment.put("COPPICE_JAR", property("coppice.jar"));
    environment.put("COPPICE_SPARK_LINE", property("coppice.spark.line"));
    environment.put("COPPICE_MASTER", "local[2]");
    environment.put("COPPICE_DRIVER_MEMORY", "1g");
    environment.put("COPPICE_SPARK_OPTS", QUICK);
    environment.put("JAVA_HOME", System.getProperty("java.home"));
  }

  /** The project's root. */
  static Path root() {
    return Path.of(property("coppice.root"));
  }

  /** The Spark home that the launcher puts together. */
  static Path sparkHome() {
    return root().resolve("target/spark-home/spark-" + property("coppice.spark.line"));
  }

  /** Sets a variable of the processes. */
  Launcher with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** The words that run a job with a configuration file and some {@code KEY=VALUE}. */
  static Object[] command(Path program, String job, Path conf, String... sets) {
    List<Object> words = new ArrayList<>(List.of(program, job, "--conf", conf));
    for (String set : sets) {
      words.add("--set");
      words.add(set);
    }
    return words.toArray();
  }

  /** Leaves a variable as it is outside. */
  Launcher without(String name) {
    environment.remove(name);
    return this;
  }

  /** What a process did. */
  public record Result(int code, String out, String err) {

    /** Fails, with what was printed, unless the process ended with 0. */
    Result succeeded() {
      assertThat(code).as(err).isZero();
      return this;
    }
  }

  /** What a file holds, or why it cannot be read; for messages. */
  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "cannot read " + file + ": " + e;
    }
  }

  /** Runs a command to its end. */
  Result run(Path directory, Object... command) throws IOException, InterruptedException {
    return start(directory, command).await();
  }

  /** Starts a command. */
  Running start(Path directory, Object... command) throws IOException {
    List<String> words = new ArrayList<>();
    for (Object word : command) {
      words.add(word.toString());
    }
    Path out = Files.createTempFile(scratch, "run", ".out");
    Path err = Files.createTempFile(scratch, "run", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("SPARK_") || name.startsWith("COPPICE_"));
    builder.environment().putAll(environment);
    return new Running(words, builder.start(), out, err);
  }

  /** A process on its way; closing it ends it and all its children, if it still runs. */
  record Running(List<String> words, Process process, Path out, Path err) implements AutoCloseable {

    /** Waits until standard error holds a text of a form. */
    void awaitError(Pattern text) throws IOException, InterruptedException {
      long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(LIMIT_MINUTES);
      while (!text.matcher(Files.readString(err)).find()) {
        if (!process.isAlive() || System.nanoTime() > limit) {
          throw new IOException(words + " did not say \"" + text + "\": " + Files.readString(err));
        }
        Thread.sleep(50);
      }
    }

    /** Waits for the end. */
    Result await() throws IOException, InterruptedException {
      if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
        close();
        throw new IOException(words + " took too long: " + Files.readString(err));
      }
      return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException(
          "system property " + name + " is not set: run this test with ./mvnw verify");
    }
    return value;
  }
}
