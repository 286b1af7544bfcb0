package dev.coppice.spark.rank;

import java.io.Serializable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;

/**
 * How scoring is spread; no result depends on it.
 *
 * @param rank d of both tables
 * @param blockSize source rows scored together; target blocks hold eight times as many
 * @param broadcastLimit largest target table that is broadcast, bytes
 * @param numPartitions partitions of a step; 0 for twice the cores
 */
public record ScoringSettings(int rank, int blockSize, long broadcastLimit, int numPartitions)
    implements Serializable {

  /** Sources times targets up to which one task scores them all in a second or so. */
  private static final long FEW_SCORES = 20_000_000;

  /** Interactions up to which one task reads them in less time than it takes to start several. */
  private static final long FEW_PAIRS = 200_000;

  /**
   * Returns the settings for tables and interactions of a size: one partition where they are small
   * and nothing else is set.
   */
  public ScoringSettings sized(long sources, long targets, long interactions) {
    boolean small = interactions <= FEW_PAIRS && sources * targets <= FEW_SCORES;
    return small && numPartitions == 0
        ? new ScoringSettings(rank, blockSize, broadcastLimit, 1)
        : this;
  }

  /** Returns rows with those of one id in one partition, in the order of ids. */
  public <T> Dataset<T> byId(Dataset<T> rows, Column id) {
    int partitions = partitions(rows.sparkSession());
    return (partitions == 1 ? rows.coalesce(1) : rows.repartition(partitions, id))
        .sortWithinPartitions(id);
  }

  /** Returns the number of partitions for a session. */
  public int partitions(SparkSession session) {
    return numPartitions > 0
        ? numPartitions
        : Math.max(1, 2 * session.sparkContext().defaultParallelism());
  }
}
