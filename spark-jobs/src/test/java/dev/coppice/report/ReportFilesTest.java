package dev.coppice.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportFilesTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void writesBothFilesAndTakesThePlaceOfOlderOnes(boolean defaults) throws IOException {
    Configuration conf = new Configuration(defaults); // without them: no FileContext
    Path place = directory.resolve("new/run");
    ReportFiles.write(SampleReport.of(1, 3), path(place), conf);
    TrainReport report = SampleReport.of(2, 3);
    ReportFiles.write(report, path(place), conf);
    assertThat(Files.readString(place.resolve("metrics.json"))).isEqualTo(report.toJson());
    assertThat(Files.readString(place.resolve("report.html"), StandardCharsets.UTF_8))
        .isEqualTo(ReportPage.render(report));
    assertThat(visible(place)).containsExactlyInAnyOrder("metrics.json", "report.html");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void writesMetricsAndPageOfAnEvaluation(boolean defaults) throws IOException {
    Configuration conf = new Configuration(defaults); // without them: no FileContext
    ReportFiles.write(EvaluationReportTest.sample(), path(directory), conf);
    assertThat(Files.readString(directory.resolve("metrics.json")))
        .isEqualTo(EvaluationReportTest.sample().toJson());
    assertThat(Files.readString(directory.resolve("report.html"), StandardCharsets.UTF_8))
        .isEqualTo(EvaluationPage.render(EvaluationReportTest.sample()));
    assertThat(visible(directory)).containsExactlyInAnyOrder("metrics.json", "report.html");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void leavesNothingHalfWritten(boolean defaults) throws IOException {
    Configuration conf = new Configuration(defaults); // without them: no FileContext
    Path taken = Files.createDirectories(directory.resolve("metrics.json/inside"));
    EvaluationReport report = EvaluationReportTest.sample();
    assertThatThrownBy(() -> ReportFiles.write(report, path(directory), conf))
        .isInstanceOf(IOException.class);
    assertThat(taken).isDirectory();
    assertThat(visible(directory)).containsExactly("metrics.json");
  }

  private static org.apache.hadoop.fs.Path path(Path local) {
    return new org.apache.hadoop.fs.Path(local.toUri());
  }

  /** Hadoop's local file system keeps a hidden checksum beside each file. */
  private static Stream<String> visible(Path place) throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .toList()
          .stream();
    }
  }
}
