package dev.coppice.spark;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;

/**
 * What {@link DynamicSparseALS} can be told, after Spark MLlib's {@code ALSParams} where it means
 * the same. Symbols: docs/design.md section 3.
 */
public interface DynamicSparseALSParams extends DynamicSparseALSModelParams, TrainingParams {

  /** Confidence per unit of weight in MLlib's implicit form, which is used only if this is set. */
  DoubleParam alpha();

  /** Whether the data are implicit feedback. */
  BooleanParam implicitPrefs();

  /** Sweeps between durable checkpoints. */
  IntParam checkpointInterval();

  /** rho_0, share of the stored weights that the first exploration moves. */
  DoubleParam updateRatio();

  /** How the share falls: {@code cosine}, {@code linear} or {@code constant}. */
  Param<String> updateSchedule();

  /** Delta T, sweeps between explorations. */
  IntParam updateInterval();

  /** Whether every item has a bias, in dimension 0. */
  BooleanParam itemBias();

  /** Weights that a row keeps at least. */
  IntParam minWeightsPerRow();

  /** Boolean column: rows that are true are not trained on but validated on. */
  Param<String> validationCol();

  /** Sweeps without a better validation metric before training stops. */
  IntParam patience();

  /** The validation metric. */
  Param<String> metric();

  /** What becomes of rows of the initial model without interactions: {@code drop} or keep. */
  Param<String> vanishedRows();

  /** Param for how many weights a run from an initial model may store. */
  Param<String> budget();

  /** Param for how rows that the initial model does not have begin. */
  Param<String> newRows();

  /** Param for the share of rows that are solved from the second sweep on. */
  DoubleParam solveShare();

  /** Param for which empty positions explorations grow. */
  Param<String> growth();

  /** Param for how the two tables share out the weights. */
  Param<String> start();

  /** Param for the weight of what weights mattered to earlier periods when some are pruned. */
  DoubleParam protect();

  /** Param for the share of an earlier importance that is left a period later. */
  DoubleParam protectDecay();

  /** Logical blocks of a side. */
  IntParam numBlocks();

  /** Storage level of what lives between half-sweeps. */
  Param<String> intermediateStorageLevel();

  /** Storage level of the model's tables. */
  Param<String> finalStorageLevel();

  /**
   * Returns the value of {@link #alpha}.
   *
   * @throws java.util.NoSuchElementException if it is not set
   */
  default double getAlpha() {
    return (Double) getOrDefault(alpha());
  }

  /** Returns the value of {@link #implicitPrefs}. */
  default boolean getImplicitPrefs() {
    return (Boolean) getOrDefault(implicitPrefs());
  }

  /** Returns the value of {@link #checkpointInterval}. */
  default int getCheckpointInterval() {
    return (Integer) getOrDefault(checkpointInterval());
  }

  /** Returns the value of {@link #updateRatio}. */
  default double getUpdateRatio() {
    return (Double) getOrDefault(updateRatio());
  }

  /** Returns the value of {@link #updateSchedule}. */
  default String getUpdateSchedule() {
    return getOrDefault(updateSchedule());
  }

  /** Returns the value of {@link #updateInterval}. */
  default int getUpdateInterval() {
    return (Integer) getOrDefault(updateInterval());
  }

  /** Returns the value of {@link #itemBias}. */
  default boolean getItemBias() {
    return (Boolean) getOrDefault(itemBias());
  }

  /** Returns the value of {@link #minWeightsPerRow}. */
  default int getMinWeightsPerRow() {
    return (Integer) getOrDefault(minWeightsPerRow());
  }

  /** Returns the value of {@link #validationCol}; empty where nothing is held out. */
  default String getValidationCol() {
    return getOrDefault(validationCol());
  }

  /** Returns the value of {@link #patience}. */
  default int getPatience() {
    return (Integer) getOrDefault(patience());
  }

  /** Returns the value of {@link #metric}. */
  default String getMetric() {
    return getOrDefault(metric());
  }

  /** Returns the value of {@link #vanishedRows}. */
  default String getVanishedRows() {
    return getOrDefault(vanishedRows());
  }

  /** Returns the value of {@link #budget}. */
  default String getBudget() {
    return getOrDefault(budget());
  }

  /** Returns the value of {@link #newRows}. */
  default String getNewRows() {
    return getOrDefault(newRows());
  }

  /** Returns the value of {@link #solveShare}. */
  default double getSolveShare() {
    return (Double) getOrDefault(solveShare());
  }

  /** Returns the value of {@link #growth}. */
  default String getGrowth() {
    return getOrDefault(growth());
  }

  /** Returns the value of {@link #start}. */
  default String getStart() {
    return getOrDefault(start());
  }

  /** Returns the value of {@link #protect}. */
  default double getProtect() {
    return (Double) getOrDefault(protect());
  }

  /** Returns the value of {@link #protectDecay}. */
  default double getProtectDecay() {
    return (Double) getOrDefault(protectDecay());
  }

  /** Returns the value of {@link #numBlocks}. */
  default int getNumBlocks() {
    return (Integer) getOrDefault(numBlocks());
  }

  /** Returns the value of {@link #intermediateStorageLevel}. */
  default String getIntermediateStorageLevel() {
    return getOrDefault(intermediateStorageLevel());
  }

  /** Returns the value of {@link #finalStorageLevel}. */
  default String getFinalStorageLevel() {
    return getOrDefault(finalStorageLevel());
  }
}
