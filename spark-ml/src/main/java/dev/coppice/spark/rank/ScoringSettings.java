package dev.coppice.spark.rank;

import java.io.Serializable;
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

  /** Returns the number of partitions for a session. */
  public int partitions(SparkSession session) {
    return numPartitions > 0
        ? numPartitions
        : Math.max(1, 2 * session.sparkContext().defaultParallelism());
  }
}
