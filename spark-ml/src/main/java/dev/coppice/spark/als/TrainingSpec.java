package dev.coppice.spark.als;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.Continuation;
import dev.coppice.core.als.ExploreRule;
import dev.coppice.core.als.TrainerSettings;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.table.StartRule;
import java.util.List;
import org.apache.spark.storage.StorageLevel;

/**
 * Everything a training run is told, resolved once.
 *
 * @param objective what is minimised
 * @param shape how wide the rows are and how many weights they store
 * @param trainer sweeps and explorations
 * @param rule what explorations go by
 * @param metrics what to validate by, when there is something to validate on
 * @param seed of all draws
 * @param spread how the work lies on the cluster
 * @param continuation how sweeps that start from an initial model differ; without one, it does not
 *     matter
 */
public record TrainingSpec(
    AlsObjective objective,
    Shape shape,
    TrainerSettings trainer,
    ExploreRule rule,
    List<MetricKey> metrics,
    long seed,
    Spread spread,
    Continuation continuation) {

  /**
   * The shape of both tables.
   *
   * @param rank d, width of a row
   * @param density share of the dense table that may be stored, above 0, at most 1
   * @param minWeightsPerRow weights of a row that are never pruned, at least 0
   * @param start how the two tables share out the weights
   */
  public record Shape(int rank, double density, int minWeightsPerRow, StartRule start) {}

  /**
   * How the work lies on the cluster.
   *
   * @param numBlocks logical blocks of each side; the model depends on it in the last bits, on
   *     nothing else here
   * @param numPartitions partitions that hold the blocks, 0 for twice the default parallelism
   * @param broadcastLimit largest table, in bytes, that travels by broadcast
   * @param checkpointInterval sweeps between Spark's own checkpoints where rows travel from block
   *     to block; below 1 for none; not used with durable state, which has its own interval
   * @param storage where interactions and rows are kept during training
   */
  public record Spread(
      int numBlocks,
      int numPartitions,
      long broadcastLimit,
      int checkpointInterval,
      StorageLevel storage) {}
}
