package dev.coppice.sizing;

import dev.coppice.core.table.ByteAccount;

/**
 * How a training run will lie on a cluster and what it will hold there, from counts alone. Follows
 * docs/design.md section 6; sizes are those of arrays, in bytes, at the moment they are largest.
 *
 * @param workload what is to be trained
 * @param resources what there is to train it on
 * @param partitions partitions that the blocks are spread over
 * @param broadcast whether rows travel by broadcast; by shuffle else
 * @param interactionBytes interactions by user and by item, on all executors together
 * @param dictionaryBytes item ids with the interactions that gave them their codes, kept beside
 *     them so that a lost block can be made again
 * @param heldOutBytes held-out interactions, and what their users have seen
 * @param stepBytes rows and candidates that lie between the jobs of a half-sweep
 * @param exchangeBytes rows on their way: by broadcast on every executor, by shuffle on all
 *     executors together
 * @param taskBytes what one task holds beside all this
 * @param driverBytes what the driver holds, its own needs included
 */
public record TrainingPlan(
    Workload workload,
    Resources resources,
    int partitions,
    boolean broadcast,
    long interactionBytes,
    long dictionaryBytes,
    long heldOutBytes,
    long stepBytes,
    long exchangeBytes,
    long taskBytes,
    long driverBytes) {

  static final long MIB = 1L << 20;

  /** Spark keeps this much of every heap to itself. */
  private static final long RESERVED = 300 * MIB;

  /** A driver without data: classes, plans, the state of jobs. */
  private static final long DRIVER_BASE = 400 * MIB;

  /** Buffers of a task that reads and writes shuffles and Parquet, and two histograms of scores. */
  private static final long TASK_BASE = 24 * MIB;

  /** An interaction while its block is laid out: chunks that arrived, keys, the sorted arrays. */
  private static final int LAYOUT_CHUNK = 20;

  private static final int LAYOUT_BLOCK = 40;

  /** How much larger than the mean the largest block may be; ids are spread by a hash. */
  private static final double SKEW = 1.25;

  /** The scores of a block are counted in a few thousand buckets of 12 bytes, twice. */
  private static final long COUNTS_PER_BLOCK = 64L << 10;

  /** Derives the plan. */
  public static TrainingPlan of(Workload work, Resources resources) {
    ByteAccount users = work.userTable();
    ByteAccount items = work.itemTable();
    long largest = Math.max(users.tableBytes(), items.tableBytes());
    long tables = users.tableBytes() + items.tableBytes();
    boolean broadcast = largest <= work.broadcastLimit();
    int wanted = work.numPartitions() > 0 ? work.numPartitions() : 2 * resources.slots();
    int partitions = Math.max(1, Math.min(work.numBlocks(), wanted));
    long interactions =
        2L * work.bytesPerObservation() * work.interactions() + 12L * (work.users() + work.items());
    long weights = work.bytesPerObservation() > Integer.BYTES ? Float.BYTES : 0;
    long dictionary = (12 + weights) * work.interactions() + 8L * work.items();
    // Users with held-out items bring all they have seen; who they are is not known yet.
    long heldOut =
        work.heldOut() == 0
            ? 0
            : 4L * work.heldOut() + 4L * work.interactions() + 12L * work.users();
    long explored = Math.max(users.explorationBytes(), items.explorationBytes());
    long step = explored == 0 ? 0 : largest + explored + COUNTS_PER_BLOCK * work.numBlocks();
    long gramian = work.gramian() ? 8L * work.rank() * work.rank() : 0;
    long exchange =
        broadcast
            ? 2 * (tables + 2 * gramian)
            : tables + largest + messages(work) + 2 * gramian * resources.executors();
    return new TrainingPlan(
        work,
        resources,
        partitions,
        broadcast,
        interactions,
        dictionary,
        heldOut,
        step,
        exchange,
        task(work, partitions, gramian, largest),
        driver(work, broadcast, tables, largest, gramian));
  }

  /** Rows that all blocks of a side are sent, and the lists of which rows are asked for. */
  private static long messages(Workload work) {
    double perUser = work.userTable().tableBytes() / (double) Math.max(1, work.users());
    double perItem = work.itemTable().tableBytes() / (double) Math.max(1, work.items());
    double toUsers = distinct(work, work.items());
    double toItems = distinct(work, work.users());
    return (long) (Math.max(toUsers * perItem, toItems * perUser) + 4 * (toUsers + toItems));
  }

  /** Rows of a side that a block of the other names, over all blocks, if all are as popular. */
  private static double distinct(Workload work, long rows) {
    double perBlock = work.interactions() / (double) work.numBlocks();
    double share = -Math.expm1(perBlock * Math.log1p(-1.0 / Math.max(2, rows)));
    return work.numBlocks() * Math.min(perBlock, rows * share);
  }

  private static long task(Workload work, int partitions, long gramian, long largest) {
    double perPartition = SKEW * work.interactions() / partitions;
    double perBlock = SKEW * work.interactions() / work.numBlocks();
    double layout = LAYOUT_CHUNK * perPartition + LAYOUT_BLOCK * perBlock;
    // The largest system that a row may have, the sum of the Gramian, and the new rows.
    double sweep = 2.0 * gramian + 8.0 * work.rank() * work.rank() + SKEW * largest / partitions;
    return TASK_BASE + (long) Math.max(layout, sweep);
  }

  /**
   * By broadcast: both tables, once more with validation, both as they are sent, and the one that
   * arrives, packed and unpacked. Always: Gramians, and counts per block.
   */
  private static long driver(
      Workload work, boolean broadcast, long tables, long largest, long gramian) {
    long held = broadcast ? (work.heldOut() > 0 ? 3 : 2) * tables + 2 * largest : 0;
    return DRIVER_BASE + held + 6 * gramian + 200L * work.numBlocks();
  }

  /** Returns what is cached on all executors together, without what is broadcast. */
  public long cachedBytes() {
    return interactionBytes
        + dictionaryBytes
        + heldOutBytes
        + stepBytes
        + (broadcast ? 0 : exchangeBytes);
  }

  /** Returns what the executor with the most partitions keeps in Spark's storage. */
  public long storagePerExecutor() {
    int used = Math.min(resources.executors(), partitions);
    double share = Math.ceil(partitions / (double) used) / partitions;
    return (long) (share * cachedBytes()) + (broadcast ? exchangeBytes : 0);
  }

  /** Returns the heap below which an executor could fail for lack of memory. */
  public long leastExecutorHeap() {
    return RESERVED + broadcastOnExecutor() + resources.cores() * taskBytes + ownDriver();
  }

  /** Returns the heap from which on an executor keeps everything in memory. */
  public long executorHeap() {
    long storage = storagePerExecutor();
    long byFraction = (long) (storage / resources.memoryFraction());
    long byTasks = storage + resources.cores() * taskBytes;
    return RESERVED + Math.max(byFraction, byTasks) + ownDriver();
  }

  /** Returns the heap that the driver needs. */
  public long driverHeap() {
    return resources.local() ? executorHeap() : driverBytes;
  }

  /** Returns the most that tasks of one stage send to the driver. */
  public long resultBytes() {
    long gramian = workload.gramian() ? 4L * workload.rank() * workload.rank() : 0;
    long table =
        broadcast
            ? Math.max(workload.userTable().tableBytes(), workload.itemTable().tableBytes())
            : 0;
    return table + gramian * (long) Math.ceil(Math.sqrt(partitions));
  }

  private long broadcastOnExecutor() {
    return broadcast ? exchangeBytes : 0;
  }

  /** With a local master the driver's own needs come on top. */
  private long ownDriver() {
    return resources.local() ? driverBytes - DRIVER_BASE : 0;
  }
}
