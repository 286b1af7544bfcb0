package dev.coppice.job;

import dev.coppice.spark.TestSpark;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;

/** The command line as users see it, but in the tests' process and Spark session. */
public final class Command {
  private final Path directory;

  /** Commands typed in a directory. */
  public Command(Path directory) {
    this.directory = directory;
  }

  /** What a command did. */
  public record Result(int code, String out, String err) {}

  /** Runs a job; each setting is given with {@code --set}. */
  public Result run(String job, String... settings) {
    return run(Stream.of(job), settings);
  }

  /** Runs a job with a configuration file. */
  public Result run(String job, Path conf, String... settings) {
    return run(Stream.of(job, "--conf", conf.toString()), settings);
  }

  private Result run(Stream<String> first, String... settings) {
    CommandLine line =
        Coppice.commandLine(new JobFrame(directory.toString(), false, new TestSessions()));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    Stream<String> words = Stream.of(settings).flatMap(setting -> Stream.of("--set", setting));
    int code = line.execute(Stream.concat(first, words).toArray(String[]::new));
    return new Result(code, out.toString(), err.toString());
  }

  /** Writes a file of lines into the directory; returns these commands. */
  public Command file(String name, String... lines) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, String.join("\n", lines) + "\n");
    return this;
  }

  /** What is in the directory, hidden files too. */
  public List<String> listing() throws IOException {
    return listing(directory);
  }

  /** What is in a directory, hidden files too. */
  public static List<String> listing(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** The tests' session, which goes on. */
  private static final class TestSessions implements JobFrame.Sessions {
    @Override
    public SparkSession start(String name, boolean terminal) {
      return TestSpark.session();
    }

    @Override
    public void end(SparkSession session) {
      session.sparkContext().clearJobGroup();
    }
  }
}
