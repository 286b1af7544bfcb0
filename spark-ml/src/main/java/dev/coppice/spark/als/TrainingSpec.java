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
 * @param rank width of a row
 * @param density share of the dense table that may be stored, above 0, at most 1
 * @param minWeightsPerRow weights of a row that are never pruned, at least 0
 * @param trainer sweeps and explorations
 * @param metrics what to validate by, when there is something to validate on
 * @param seed of all draws
 * @param numBlocks logical blocks of each side; the model depends on it in the last bits
 * @param numPartitions partitions that hold the blocks, 0 for twice the default parallelism; the
 *     model does not depend on it
 * @param broadcastLimit largest table, in bytes, that travels by broadcast
 * @param checkpointInterval sweeps between Spark's own checkpoints where rows travel from block to
 *     block; below 1 for none; not used with durable state, which has its own interval
 * @param storage where interactions and rows are kept during training
 * @param continuation how sweeps that start from an earlier model differ; without one, it does not
 *     matter
 * @param rule what explorations go by
 * @param start how the two tables share out the weights
 */
public record TrainingSpec(
    AlsObjective objective,
    int rank,
    double density,
    int minWeightsPerRow,
    TrainerSettings trainer,
    List<MetricKey> metrics,
    long seed,
    int numBlocks,
    int numPartitions,
    long broadcastLimit,
    int checkpointInterval,
    StorageLevel storage,
    Continuation continuation,
    ExploreRule rule,
    StartRule start) {

  /** Starts afresh, explores by the exact gain, and gives both tables the same density. */
  public TrainingSpec(
      AlsObjective objective,
      int rank,
      double density,
      int minWeightsPerRow,
      TrainerSettings trainer,
      List<MetricKey> metrics,
      long seed,
      int numBlocks,
      int numPartitions,
      long broadcastLimit,
      int checkpointInterval,
      StorageLevel storage) {
    this(
        objective,
        rank,
        density,
        minWeightsPerRow,
        trainer,
        metrics,
        seed,
        numBlocks,
        numPartitions,
        broadcastLimit,
        checkpointInterval,
        storage,
        Continuation.NONE,
        ExploreRule.EXACT,
        StartRule.UNIFORM);
  }

  /** Returns the same with other rules. */
  public TrainingSpec with(ExploreRule newRule, StartRule newStart) {
    return new TrainingSpec(
        objective,
        rank,
        density,
        minWeightsPerRow,
        trainer,
        metrics,
        seed,
        numBlocks,
        numPartitions,
        broadcastLimit,
        checkpointInterval,
        storage,
        continuation,
        newRule,
        newStart);
  }
}
