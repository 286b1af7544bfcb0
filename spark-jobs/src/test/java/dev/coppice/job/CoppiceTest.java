package dev.coppice.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.job.frame.Job;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import scala.Option;

class CoppiceTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;

  private int run(String... arguments) {
    CommandLine line = Coppice.commandLine(new JobFrame(directory.toString(), false));
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return line.execute(arguments);
  }

  @Test
  void helpNamesEveryJobAndExitCode() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains(Jobs.names())
        .contains("refused to publish a worse model")
        .contains("another run holds the lock");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void helpOfEveryJobNamesAllItsKeysWithDefaultRangeAndMeaning() {
    for (Job job : Jobs.all()) {
      out.getBuffer().setLength(0);
      assertThat(run(job.name(), "--help")).isZero();
      String help = out.toString();
      assertThat(help).contains("--conf", "--set", "--verbose");
      for (ConfigKey<?> key : job.schema().keys()) {
        assertThat(key.doc()).as("documentation of %s.%s", job.name(), key).isNotBlank();
        assertThat(help).contains("  " + key.name());
      }
    }
  }

  @Test
  void helpOfTrainIsAsDocumented() {
    assertThat(run("train", "--help")).isZero();
    assertThat(out.toString())
        .contains("Usage: coppice train")
        .contains("density [0.05]: a number above 0 and at most 1")
        .contains("rank [256]: a whole number from 1 to 65535")
        .contains("input (required): a path or URI");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train",
        "evaluate",
        "recommend",
        "similar",
        "export",
        "explain",
        "prepare",
        "stats",
        "generate"
      })
  void linesStayWithinTheWidth(String job) {
    run(job, "--help");
    assertThat(out.toString().lines().filter(line -> line.startsWith("      ")))
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
  }

  @ParameterizedTest
  @CsvSource({
    "'', no job is given",
    "trian, trian",
    "train --colour, --colour",
    "train --set, --set",
    "train extra, extra"
  })
  void wrongCommandLineIsAUsageError(String arguments, String named) {
    assertThat(run(arguments.isEmpty() ? new String[0] : arguments.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(named).contains("--help");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void mistypedJobGetsASuggestion() {
    assertThat(run("trian")).isEqualTo(2);
    assertThat(err.toString()).contains("train");
  }

  @Test
  void wrongConfigurationEndsBeforeSparkStarts() {
    // Other tests of this JVM may have a session: it is out of sight meanwhile.
    Option<SparkSession> active = SparkSession.getActiveSession();
    Option<SparkSession> standard = SparkSession.getDefaultSession();
    SparkSession.clearActiveSession();
    SparkSession.clearDefaultSession();
    try {
      assertThat(run("train", "--set", "input=a", "--set", "model=b", "--set", "density=2"))
          .isEqualTo(2);
      assertThat(SparkSession.getActiveSession().isEmpty()).isTrue();
      assertThat(SparkSession.getDefaultSession().isEmpty()).isTrue();
    } finally {
      if (active.isDefined()) {
        SparkSession.setActiveSession(active.get());
      }
      if (standard.isDefined()) {
        SparkSession.setDefaultSession(standard.get());
      }
    }
    assertThat(err.toString())
        .contains("coppice train: density = \"2\" is not allowed")
        .contains("above 0 and at most 1")
        .doesNotContain("\tat ");
  }

  @Test
  void missingFileIsAUsageError() {
    assertThat(run("train", "--conf", directory.resolve("no.conf").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("no.conf").contains("is not a file");
  }

  @Test
  void verboseShowsTheStackTrace() {
    assertThat(run("train", "--set", "density=2", "--verbose")).isEqualTo(2);
    assertThat(err.toString()).contains("\tat dev.coppice");
  }
}
