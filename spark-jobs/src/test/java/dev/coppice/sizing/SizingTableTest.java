package dev.coppice.sizing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SizingTableTest {
  /** The table in the document is the one that the code computes. */
  @Test
  void theDocumentTellsWhatIsComputed() throws Exception {
    Path document = Path.of("").toAbsolutePath().getParent().resolve("deploy/README.md");
    assertThat(Files.readString(document)).contains(String.join("\n", SizingTable.lines()) + "\n");
  }

  /** What is recommended for any size gets no warning when it is taken as it stands. */
  @Test
  void recommendationsFit() {
    for (long size = 1000; size <= 4_000_000_000L; size *= 10) {
      TrainingPlan plan =
          SizingTable.recommend(
              new Workload(
                  size / 20,
                  size / 100,
                  size,
                  0,
                  256,
                  0.05,
                  0.5,
                  false,
                  true,
                  8,
                  64,
                  0,
                  256L << 20));
      Resources given =
          new Resources(
              false,
              plan.resources().executors(),
              plan.resources().cores(),
              plan.executorHeap(),
              plan.driverHeap(),
              2L << 30,
              Resources.MEMORY_FRACTION);
      assertThat(new PlanText(TrainingPlan.of(plan.workload(), given)).warnings()).isEmpty();
    }
  }
}
