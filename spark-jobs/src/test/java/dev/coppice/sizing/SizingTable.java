package dev.coppice.sizing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What to ask a cluster for, by the number of interactions: the table of deploy/README.md, which a
 * test compares with it. The shape of the data is an example, 20 interactions a user and 100 an
 * item; settings are the defaults, with confidences that are not 1 and no validation part.
 */
final class SizingTable {
  private static final int CORES = 4;
  private static final long LARGEST_HEAP = 16L << 30;
  private static final long INTERACTIONS_PER_BLOCK = 4_000_000;
  private static final long[] SIZES = {1_000_000, 10_000_000, 100_000_000, 1_000_000_000};

  private SizingTable() {}

  /** Returns the lines of the table, in Markdown. */
  static List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| interactions | users | items | tables | interactions in memory | all that is cached |"
            + " rows travel by | `numBlocks` | executors of "
            + CORES
            + " cores | heap of each | heap of the driver |");
    lines.add("|---|---|---|---|---|---|---|---|---|---|---|");
    for (long size : SIZES) {
      lines.add(row(recommend(example(size))));
    }
    return lines;
  }

  private static Workload example(long interactions) {
    return new Workload(
        interactions / 20,
        interactions / 100,
        interactions,
        0,
        256,
        0.05,
        0.5,
        false,
        true,
        8,
        64,
        0,
        256L << 20);
  }

  /** Returns the same work in another number of blocks. */
  static Workload withBlocks(Workload work, int blocks) {
    return new Workload(
        work.users(),
        work.items(),
        work.interactions(),
        work.heldOut(),
        work.rank(),
        work.density(),
        work.updateRatio(),
        work.importance(),
        work.gramian(),
        work.bytesPerObservation(),
        blocks,
        work.numPartitions(),
        work.broadcastLimit());
  }

  /** The fewest executors whose heap stays moderate, and blocks that keep a task small. */
  static TrainingPlan recommend(Workload work) {
    int blocks = work.numBlocks();
    while (work.interactions() / blocks > INTERACTIONS_PER_BLOCK) {
      blocks *= 2;
    }
    int executors = 1;
    while (true) {
      while (blocks < 2 * executors * CORES) {
        blocks *= 2;
      }
      TrainingPlan plan =
          TrainingPlan.of(
              withBlocks(work, blocks),
              new Resources(false, executors, CORES, 0, 0, 0, Resources.MEMORY_FRACTION));
      if (plan.executorHeap() <= LARGEST_HEAP) {
        return plan;
      }
      executors++;
    }
  }

  private static String row(TrainingPlan plan) {
    Workload work = plan.workload();
    return String.format(
        Locale.ROOT,
        "| %,d | %,d | %,d | %s | %s | %s | %s | %d | %d | %s | %s |",
        work.interactions(),
        work.users(),
        work.items(),
        PlanText.size(work.userTable().tableBytes() + work.itemTable().tableBytes()),
        PlanText.size(plan.interactionBytes() + plan.dictionaryBytes()),
        PlanText.size(plan.cachedBytes()),
        plan.broadcast() ? "broadcast" : "shuffle",
        work.numBlocks(),
        plan.resources().executors(),
        PlanText.size(plan.executorHeap()),
        PlanText.size(plan.driverHeap()));
  }
}
