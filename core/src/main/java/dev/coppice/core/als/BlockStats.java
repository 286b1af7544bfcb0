package dev.coppice.core.als;

import java.io.Serializable;
import java.util.Collection;
import java.util.Comparator;

/**
 * What solving the rows of one block gave.
 *
 * @param block number of the block
 * @param loss the rows' part of the objective at their minimum, their own L2 term included
 * @param penalty the rows' L2 term
 * @param resting stored weights of the rows that were left as they are ({@link SolveScope})
 */
public record BlockStats(int block, double loss, double penalty, long resting)
    implements Serializable {

  /** What solving all rows of a block gave. */
  public BlockStats(int block, double loss, double penalty) {
    this(block, loss, penalty, 0);
  }

  /** Returns the sums over all blocks, added in the order of the blocks. */
  public static BlockStats sum(Collection<BlockStats> blocks) {
    double[] sums = new double[2];
    blocks.stream()
        .sorted(Comparator.comparingInt(BlockStats::block))
        .forEachOrdered(
            stats -> {
              sums[0] += stats.loss;
              sums[1] += stats.penalty;
            });
    return new BlockStats(
        -1, sums[0], sums[1], blocks.stream().mapToLong(BlockStats::resting).sum());
  }
}
