package dev.coppice.data.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.prepare.Scene;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetStatsTest {
  @TempDir private Path dir;

  @Test
  void countsWhatIsCold() throws IOException {
    CanonicalDataset data =
        new Scene(dir)
            .set("format", "lightgcn")
            .file("input", "train.txt", "0 1 2 3", "1 2")
            .set("split", "files")
            .file("testInput", "test.txt", "0 9 8", "7 2 1 9")
            .run();
    DatasetStats stats = DatasetStats.of(data);
    assertThat(stats.coldUsers()).isEqualTo(new ColdShare(2, 1, 5, 3));
    assertThat(stats.coldItems()).isEqualTo(new ColdShare(4, 2, 5, 3));
    assertThat(stats.coldItems().rowShare()).isEqualTo(0.6);
    // 3 users x 5 items (8 and 9 are in test alone).
    assertThat(stats.density()).isEqualTo(4 / 15.0);
    assertThat(stats.userDegrees()).isEqualTo(new DegreeQuantiles(2, 2, 1, 1, 1, 3, 3, 3, 3));
    assertThat(stats.firstTime()).isNull();
    assertThat(stats.toText()).contains("cold items    2 of 4 in test (50.00 %), 3 of 5 rows");
  }

  @Test
  void takesExactQuantiles() {
    assertThat(DegreeQuantiles.of(Map.of()))
        .isEqualTo(new DegreeQuantiles(0, 0, 0, 0, 0, 0, 0, 0, 0));
    // Degrees 1..100, one each.
    Map<Long, Long> byDegree = new HashMap<>();
    for (long degree = 1; degree <= 100; degree++) {
      byDegree.put(degree, 1L);
    }
    assertThat(DegreeQuantiles.of(byDegree))
        .isEqualTo(new DegreeQuantiles(100, 50.5, 1, 25, 50, 75, 90, 99, 100));
  }
}
