package dev.coppice.sizing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A plan in words: what will lie where, and what would not fit. */
public final class PlanText {
  private static final long GIB = 1L << 30;
  private static final long MIB = 1L << 20;

  /** What a Java array can hold. */
  private static final long ARRAY = Integer.MAX_VALUE - 8L;

  private final TrainingPlan plan;
  private final Workload work;
  private final Resources has;

  /** Takes the plan to be told. */
  public PlanText(TrainingPlan plan) {
    this.plan = plan;
    work = plan.workload();
    has = plan.resources();
  }

  /** Returns the plan in a few lines. */
  public List<String> lines() {
    return List.of(
        String.format(
            Locale.ROOT,
            "plan: %,d interactions of %,d users and %,d items; %d blocks a side in %d partitions"
                + " on %s; rows travel by %s",
            work.interactions(),
            work.users(),
            work.items(),
            work.numBlocks(),
            plan.partitions(),
            where(),
            plan.broadcast() ? "broadcast" : "shuffle"),
        String.format(
            Locale.ROOT,
            "plan: tables %s + %s; interactions by user and by item %s, codes %s; rows on their"
                + " way %s%s; between the steps of an exploration %s",
            size(work.userTable().tableBytes()),
            size(work.itemTable().tableBytes()),
            size(plan.interactionBytes()),
            size(plan.dictionaryBytes()),
            size(plan.exchangeBytes()),
            plan.broadcast() && !has.local() ? " on every executor" : "",
            size(plan.stepBytes())),
        has.local()
            ? String.format(
                Locale.ROOT,
                "plan: heap %s, at least %s (there is %s)",
                size(plan.executorHeap()),
                size(plan.leastExecutorHeap()),
                size(has.driverHeap()))
            : String.format(
                Locale.ROOT,
                "plan: heap of an executor %s, at least %s (there is %s); of the driver %s (there"
                    + " is %s)",
                size(plan.executorHeap()),
                size(plan.leastExecutorHeap()),
                size(has.executorHeap()),
                size(plan.driverHeap()),
                size(has.driverHeap())));
  }

  private String where() {
    return has.local()
        ? "this machine, " + has.cores() + " at a time"
        : has.executors() + " executors, " + has.cores() + " at a time on each";
  }

  /** Returns what would not fit, each with its remedy; empty if all does. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    executorHeap(warnings);
    if (!has.local() && plan.driverHeap() > has.driverHeap()) {
      warnings.add(
          "the driver will need about "
              + size(plan.driverHeap())
              + " of heap and has "
              + size(has.driverHeap())
              + ". Set --driver-memory to at least "
              + option(plan.driverHeap())
              + (plan.broadcast() ? ", or lower broadcastLimit." : "."));
    }
    if (has.maxResultSize() > 0 && plan.resultBytes() > has.maxResultSize()) {
      warnings.add(
          "tasks will send the driver up to "
              + size(plan.resultBytes())
              + " at once and spark.driver.maxResultSize is "
              + size(has.maxResultSize())
              + ". Set it to at least "
              + option(plan.resultBytes())
              + (plan.broadcast() ? ", or lower broadcastLimit." : "."));
    }
    if (plan.partitions() < has.slots()) {
      warnings.add(
          plan.partitions()
              + " partitions keep only as many of "
              + has.slots()
              + " cores busy. Raise "
              + (work.numBlocks() < has.slots() ? "numBlocks" : "numPartitions")
              + " to at least "
              + 2 * has.slots()
              + ".");
    }
    long block =
        Math.max(
            work.interactions(), Math.max(work.userTable().stored(), work.itemTable().stored()));
    // A block may be twice the mean: the most popular items lie somewhere.
    long blocks = ceilDiv(2 * block, ARRAY);
    if (work.numBlocks() < blocks) {
      warnings.add(
          "a block would hold more than the 2^31 entries of a Java array. Raise numBlocks to at"
              + " least "
              + blocks
              + ".");
    }
    return warnings;
  }

  private void executorHeap(List<String> warnings) {
    String what = has.local() ? "this machine's one process" : "an executor";
    String remedy =
        has.local()
            ? "Set COPPICE_DRIVER_MEMORY to at least " + option(plan.executorHeap())
            : "Set --executor-memory to at least "
                + option(plan.executorHeap())
                + ", take more executors";
    if (plan.leastExecutorHeap() > has.executorHeap()) {
      warnings.add(
          what
              + " will need at least "
              + size(plan.leastExecutorHeap())
              + " of heap and has "
              + size(has.executorHeap())
              + ": the run is likely to end for lack of memory. "
              + remedy
              + ", or raise numBlocks and numPartitions.");
    } else if (plan.executorHeap() > has.executorHeap()) {
      warnings.add(
          what
              + " would need "
              + size(plan.executorHeap())
              + " of heap to keep all interactions in memory and has "
              + size(has.executorHeap())
              + ": the rest will be read from local disk in every sweep. "
              + remedy
              + " to avoid it.");
    }
  }

  /** Returns bytes in the largest unit that leaves a number of at least 1. */
  static String size(long bytes) {
    if (bytes >= GIB) {
      return String.format(Locale.ROOT, "%.1f GB", bytes / (double) GIB);
    }
    if (bytes >= MIB) {
      return String.format(Locale.ROOT, "%.1f MB", bytes / (double) MIB);
    }
    return String.format(Locale.ROOT, "%.1f kB", bytes / 1024.0);
  }

  /** Returns bytes as Spark's options take them, rounded up. */
  static String option(long bytes) {
    return bytes > 4 * GIB ? ceilDiv(bytes, GIB) + "g" : ceilDiv(bytes, MIB) + "m";
  }

  private static long ceilDiv(long a, long b) {
    return -Math.floorDiv(-a, b);
  }
}
