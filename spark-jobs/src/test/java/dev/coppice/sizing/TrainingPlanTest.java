package dev.coppice.sizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingPlanTest {
  private static final long GIB = 1L << 30;

  private static Workload work(long users, long items, long interactions) {
    return new Workload(
        users, items, interactions, 0, 100, 0.1, 0.5, false, true, 4, 64, 0, 256L << 20);
  }

  private static Resources cluster(int executors, int cores, long heap) {
    return new Resources(false, executors, cores, heap, heap, GIB, Resources.MEMORY_FRACTION);
  }

  private static List<String> warnings(Workload work, Resources resources) {
    return new PlanText(TrainingPlan.of(work, resources)).warnings();
  }

  /** 10 weights a row of 6 bytes, and 4 of offset: 64 a row; 20 a weight that may move. */
  @Test
  void sizesOfTablesAreThoseOfTheirArrays() {
    Workload work = work(1000, 500, 20_000);
    assertThat(work.userTable().tableBytes()).isEqualTo(64_000);
    assertThat(work.userTable().explorationBytes()).isEqualTo(10 * 10_000 + 14 * 11_250);
    TrainingPlan plan = TrainingPlan.of(work, cluster(2, 2, GIB));
    // Codes of 4 bytes by user and by item, 12 bytes a row for its id and offset.
    assertThat(plan.interactionBytes()).isEqualTo(2 * 4 * 20_000 + 12 * 1500);
    // Item, user: 4 + 8 bytes; ids of items.
    assertThat(plan.dictionaryBytes()).isEqualTo(12 * 20_000 + 8 * 500);
    assertThat(plan.partitions()).isEqualTo(8);
    assertThat(plan.broadcast()).isTrue();
    // Both tables as arrays and as sent, and so both Gramians of 100 x 100 doubles.
    assertThat(plan.exchangeBytes()).isEqualTo(2 * (96_000 + 2 * 80_000));
  }

  @Test
  void importanceIsAByteAWeight() {
    Workload work =
        new Workload(1000, 500, 20_000, 0, 100, 0.1, 0.5, true, true, 4, 64, 0, 256L << 20);
    assertThat(work.userTable().tableBytes()).isEqualTo(64_000 + 10_000);
    assertThat(SizingTable.withBlocks(work, 8).itemTable().tableBytes()).isEqualTo(32_000 + 5_000);
  }

  @Test
  void tablesAboveTheLimitAreShuffled() {
    Workload below = work(4 << 20, 1000, 10_000_000);
    assertThat(below.userTable().tableBytes()).isEqualTo(below.broadcastLimit());
    assertThat(TrainingPlan.of(below, cluster(4, 4, GIB)).broadcast()).isTrue();
    Workload above = work((4 << 20) + 1, 1000, 10_000_000);
    TrainingPlan plan = TrainingPlan.of(above, cluster(4, 4, GIB));
    assertThat(plan.broadcast()).isFalse();
    assertThat(plan.driverHeap())
        .as("no table on the driver")
        .isLessThan(TrainingPlan.of(below, cluster(4, 4, GIB)).driverHeap());
  }

  @Test
  void blocksBoundThePartitionsAndPartitionsTheExecutorsThatWork() {
    Workload work = SizingTable.withBlocks(work(100_000, 1000, 1_000_000), 3);
    assertThat(TrainingPlan.of(work, cluster(1, 1, GIB)).partitions()).isEqualTo(2);
    TrainingPlan plan = TrainingPlan.of(work, cluster(2, 4, GIB));
    assertThat(plan.partitions()).isEqualTo(3);
    long storage = plan.storagePerExecutor() - plan.exchangeBytes();
    assertThat(storage).as("two of three partitions").isEqualTo(plan.cachedBytes() * 2 / 3);
    assertThat(warnings(work, cluster(2, 4, 64 * GIB)))
        .singleElement()
        .asString()
        .contains("3 partitions keep only as many of 8 cores busy", "Raise numBlocks", "16");
  }

  @Test
  void whatFitsGetsNoWarning() {
    assertThat(warnings(work(10_000, 1000, 1_000_000), cluster(2, 2, 2 * GIB))).isEmpty();
  }

  @Test
  void aHeapThatHoldsTheTasksButNotTheDataIsSlow() {
    Workload work = work(1_000_000, 10_000, 100_000_000);
    TrainingPlan plan = TrainingPlan.of(work, cluster(2, 2, 64 * GIB));
    assertThat(plan.leastExecutorHeap()).isLessThan(plan.executorHeap() - 1);
    assertThat(warnings(work, cluster(2, 2, plan.executorHeap()))).isEmpty();
    assertThat(warnings(work, cluster(2, 2, plan.executorHeap() - 1)))
        .singleElement()
        .asString()
        .contains("local disk in every sweep", "--executor-memory");
    assertThat(warnings(work, cluster(2, 2, plan.leastExecutorHeap() - 1)))
        .anyMatch(warning -> warning.contains("likely to end for lack of memory"));
  }

  /** What a warning asks for is enough. */
  @Test
  void followedAdviceEndsTheWarning() {
    Workload work = work(3_000_000, 10_000, 50_000_000);
    TrainingPlan plan = TrainingPlan.of(work, cluster(2, 2, GIB));
    String option = PlanText.option(plan.executorHeap());
    long heap = Long.parseLong(option.replaceAll("\\D", ""));
    assertThat(heap * (option.endsWith("g") ? GIB : GIB >> 10))
        .isBetween(plan.executorHeap(), plan.executorHeap() + GIB);
    assertThat(warnings(work, cluster(2, 2, GIB))).isNotEmpty();
  }

  @Test
  void driverAndResultsAreCheckedByBroadcast() {
    Workload work = work(4 << 20, 4 << 20, 50_000_000);
    Resources small =
        new Resources(false, 8, 4, 64 * GIB, GIB, 100L << 20, Resources.MEMORY_FRACTION);
    assertThat(warnings(work, small))
        .hasSize(2)
        .anyMatch(w -> w.contains("the driver will need") && w.contains("--driver-memory"))
        .anyMatch(w -> w.contains("spark.driver.maxResultSize is 100.0 MB"));
  }

  @Test
  void blocksThatNoArrayHoldsAreRefusedInAdvance() {
    Workload work = SizingTable.withBlocks(work(10_000_000, 1_000_000, 100_000_000_000L), 64);
    assertThat(warnings(work, cluster(100, 4, 1000 * GIB)))
        .anyMatch(w -> w.contains("2^31") && w.contains("Raise numBlocks to at least 94"));
  }

  @Test
  void withALocalMasterThereIsOneHeap() {
    Resources machine = new Resources(true, 1, 4, GIB, GIB, GIB, Resources.MEMORY_FRACTION);
    TrainingPlan plan = TrainingPlan.of(work(1_000_000, 10_000, 30_000_000), machine);
    assertThat(plan.driverHeap()).isEqualTo(plan.executorHeap());
    PlanText text = new PlanText(plan);
    assertThat(text.warnings()).singleElement().asString().contains("COPPICE_DRIVER_MEMORY");
    assertThat(String.join("\n", text.lines())).contains("this machine, 4 at a time");
  }

  @Test
  void moreExecutorsNeedLessEach() {
    Workload work = SizingTable.withBlocks(work(5_000_000, 100_000, 500_000_000), 256);
    long last = Long.MAX_VALUE;
    for (int executors = 1; executors <= 32; executors *= 2) {
      long heap = TrainingPlan.of(work, cluster(executors, 4, GIB)).executorHeap();
      assertThat(heap).isLessThan(last);
      last = heap;
    }
  }

  @Test
  void resourcesAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cluster(0, 1, GIB))
        .withMessageContaining("executors is 0");
  }
}
