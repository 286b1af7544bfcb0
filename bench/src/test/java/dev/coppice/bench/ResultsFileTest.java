package dev.coppice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsFileTest {
  @TempDir Path directory;

  @Test
  void replacesOneSectionAndLeavesTheRest() throws IOException {
    Path file = directory.resolve("deep/RESULTS.md");
    ResultsFile.put(file, "one", "## One\nfirst");
    ResultsFile.put(file, "two", "## Two\nother");
    String before = Files.readString(file);
    Files.writeString(file, before + "by hand\n");
    ResultsFile.put(file, "one", "## One\nsecond $1 \\");
    String after = Files.readString(file);
    assertThat(after).isEqualTo(before.replace("first", "second $1 \\") + "by hand\n");
    assertThat(after).startsWith("# Measured results\n");
    try (var left = Files.list(file.getParent())) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void refusesKeysThatWouldBreakTheMarks() {
    assertThatThrownBy(() -> ResultsFile.put(directory.resolve("x.md"), "a -->", "b"))
        .hasMessageContaining("a -->");
  }

  @Test
  void reportComparesWithMllib() {
    Measurement mllib = measurement("M", Variant.Trainer.MLLIB, 50, 20, 18_000_000);
    Measurement coppice = measurement("C", Variant.Trainer.COPPICE, 10, 2, 5_000_000);
    String text =
        new SideBySideReport("cmd", Map.of("cores", "2"), "data", 2, 20, List.of(coppice, mllib))
            .markdown("Heading");
    assertThat(text)
        .contains("| C | 12.8 | 0.1584 | 0.1325 | 10.0 (10.5) | 5.0 | 2.0 (2.5) | 10.0 |");
    assertThat(text).contains("| C | 5.0 | 5.0 | 3.6 | - |");
    assertThat(text).contains("| M | `rank=3` |");
  }

  private static Measurement measurement(
      String name, Variant.Trainer system, double train, double recommend, long bytes) {
    Measurement m = new Measurement(new Variant(name, system, Map.of("rank", "3")));
    m.weightsPerRow = 12.8;
    m.recall = 0.1584;
    m.ndcg = 0.1325;
    m.trainSeconds.addAll(List.of(train + 1, train));
    m.recommendSeconds.addAll(List.of(recommend, recommend + 1));
    m.savedBytes = bytes;
    m.tableBytes = bytes;
    return m;
  }

  @Test
  void meanAndStandardError() {
    MeanError of = MeanError.of(List.of(1.0, 2.0, 3.0, 6.0));
    // Deviations -2, -1, 0, 3: s^2 = 14 / 3, and s / sqrt(4) = 1.0801.
    assertThat(of.mean()).isEqualTo(3);
    assertThat(of.error()).isCloseTo(1.0801, within(1e-4));
    assertThat(of).hasToString("3.0000 ± 1.0801");
    assertThat(MeanError.of(List.of(0.5))).hasToString("0.5000");
  }
}
