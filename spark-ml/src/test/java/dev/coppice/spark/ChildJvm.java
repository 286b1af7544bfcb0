package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A main class in a JVM of its own, with the class path of the tests, and more where it needs it.
 */
public final class ChildJvm {
  private ChildJvm() {}

  /** The arguments of this JVM, and more. */
  public static List<String> asHere(String... more) {
    return with(argument -> true, more);
  }

  /** Of the arguments of this JVM those about modules, and more. */
  public static List<String> modulesAsHere(String... more) {
    return with(
        argument -> argument.startsWith("--add") || argument.startsWith("-XX:+Ignore"), more);
  }

  private static List<String> with(Predicate<String> kept, String... more) {
    List<String> arguments =
        new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments());
    arguments.removeIf(kept.negate());
    arguments.addAll(List.of(more));
    return arguments;
  }

  /**
   * Runs it to its end, which must be a good one.
   *
   * @param directory where it runs; takes its output too
   * @param minutes after which it is killed
   * @param jvmArguments of the JVM
   * @param arguments of the main class
   * @return what it printed
   */
  public static String run(
      Path directory, int minutes, List<String> jvmArguments, Class<?> main, List<String> arguments)
      throws IOException, InterruptedException {
    return run(directory, minutes, jvmArguments, "", main, arguments);
  }

  /**
   * The same.
   *
   * @param jars further entries of the class path
   */
  public static String run(
      Path directory,
      int minutes,
      List<String> jvmArguments,
      String jars,
      Class<?> main,
      List<String> arguments)
      throws IOException, InterruptedException {
    Path output = directory.resolve("output.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmArguments);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path") + File.pathSeparator + jars,
            main.getName()));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .directory(directory.toFile())
            .start();
    boolean ended = process.waitFor(minutes, TimeUnit.MINUTES);
    if (!ended) {
      process.destroyForcibly();
    }
    String text = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(ended).as(text).isTrue();
    assertThat(process.exitValue()).as(text).isZero();
    return text;
  }
}
