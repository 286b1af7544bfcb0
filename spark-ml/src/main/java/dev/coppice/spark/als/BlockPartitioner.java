package dev.coppice.spark.als;

import org.apache.spark.Partitioner;

/**
 * Spreads logical blocks over partitions: block b lies in partition b modulo the number of
 * partitions. The number of blocks is fixed for a run; the number of partitions may be anything.
 */
final class BlockPartitioner extends Partitioner {
  private static final long serialVersionUID = 1L;

  private final int blocks;
  private final int partitions;

  /** Spreads {@code blocks} blocks over at most {@code partitions} partitions. */
  BlockPartitioner(int blocks, int partitions) {
    this.blocks = blocks;
    this.partitions = Math.max(1, Math.min(blocks, partitions));
  }

  @Override
  public int numPartitions() {
    return partitions;
  }

  @Override
  public int getPartition(Object key) {
    return (Integer) key % partitions;
  }

  /** Returns how many blocks there are. */
  int blocks() {
    return blocks;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BlockPartitioner that
        && that.blocks == blocks
        && that.partitions == partitions;
  }

  @Override
  public int hashCode() {
    return 31 * blocks + partitions;
  }
}
