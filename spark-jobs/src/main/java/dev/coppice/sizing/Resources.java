package dev.coppice.sizing;

/**
 * What Spark was given.
 *
 * @param local whether tasks run in the driver's own process
 * @param executors how many there are; 1 where {@code local}
 * @param cores tasks that an executor runs at a time
 * @param executorHeap heap of an executor, bytes; the driver's where {@code local}
 * @param driverHeap heap of the driver, bytes
 * @param maxResultSize what the driver accepts from the tasks of one stage, bytes; 0 for anything
 * @param memoryFraction Spark's share of the heap for storage and execution
 */
public record Resources(
    boolean local,
    int executors,
    int cores,
    long executorHeap,
    long driverHeap,
    long maxResultSize,
    double memoryFraction) {

  /** Spark's default of {@code spark.memory.fraction}. */
  public static final double MEMORY_FRACTION = 0.6;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException naming the one that is out of range
   */
  public Resources {
    if (executors < 1 || cores < 1) {
      throw new IllegalArgumentException(
          "executors is " + executors + " and cores is " + cores + "; both must be at least 1");
    }
  }

  /** Returns how many tasks run at a time. */
  public int slots() {
    return Math.multiplyExact(executors, cores);
  }
}
