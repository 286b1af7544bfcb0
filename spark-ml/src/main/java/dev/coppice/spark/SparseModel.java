package dev.coppice.spark;

import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.MLWritable;

/**
 * What the models of this package have in common; {@link SparseEstimator} tells of the Params.
 *
 * @param <M> the model itself
 */
public abstract class SparseModel<M extends SparseModel<M>> extends Model<M>
    implements ScoringParams<M>, MLWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  final ParamSet declared;

  /** Column of user ids. */
  public final Param<String> userCol;

  /** Column of item ids. */
  public final Param<String> itemCol;

  /** Column that {@code transform} adds. */
  public final Param<String> predictionCol;

  /** What {@code transform} does with ids that the model does not know. */
  public final Param<String> coldStartStrategy;

  /** Partitions of a scoring step. */
  public final IntParam numPartitions;

  SparseModel(String uid) {
    this.uid = uid;
    declared = new ParamSet(this);
    userCol = declared.text(ScoringKeys.USER_COL);
    itemCol = declared.text(ScoringKeys.ITEM_COL);
    predictionCol = declared.outputColumn(ScoringKeys.PREDICTION_COL);
    coldStartStrategy = declared.text(ScoringKeys.COLD_START_STRATEGY);
    numPartitions = declared.integer(ScoringKeys.NUM_PARTITIONS);
  }

  @Override
  public final String uid() {
    return uid;
  }

  @Override
  public final Param<?>[] params() {
    return declared.array();
  }

  /** Overrides what Model has from Spark 4.1 on: the bytes that the driver holds. */
  @SuppressWarnings("MissingOverride")
  public final long estimatedSize() {
    return ServerModels.ESTIMATED_BYTES;
  }
}
