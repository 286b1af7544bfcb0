package dev.coppice.spark;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;

/**
 * The Params of {@link DynamicSparseALSModelParams}, made in the constructor of their owner after
 * its uid is known. Defaults are set in a second step: Spark lists the owner's Params then, and all
 * of its accessors have to answer.
 */
final class ModelParamSet implements Serializable {
  private static final long serialVersionUID = 1L;

  final Param<String> userCol;
  final Param<String> itemCol;
  final Param<String> predictionCol;
  final Param<String> coldStartStrategy;
  final Param<String> positionCol;
  final IntParam positionDepth;
  final IntParam blockSize;
  final LongParam broadcastLimit;
  final IntParam numPartitions;

  ModelParamSet(Params owner) {
    userCol = new Param<>(owner, "userCol", "column of user ids: string, long, int, short or byte");
    itemCol = new Param<>(owner, "itemCol", "column of item ids: string, long, int, short or byte");
    predictionCol = new Param<>(owner, "predictionCol", "column that receives the score, float");
    coldStartStrategy =
        new Param<>(
            owner,
            "coldStartStrategy",
            "what transform does with a user or item unknown to the model: nan (a prediction that"
                + " is not a number) or drop (the row is left out); allowed: nan, drop",
            ParamValidators.inArray(List.of("nan", "drop")));
    positionCol =
        new Param<>(
            owner,
            "positionCol",
            "column that receives the position, from 1, of the row's item in its user's ranking of"
                + " all items but the training pairs, int, null beyond positionDepth; empty: none");
    positionDepth =
        new IntParam(
            owner,
            "positionDepth",
            "how far down a ranking positions are looked for; allowed: 1 or more",
            ParamValidators.gtEq(1));
    blockSize =
        new IntParam(
            owner,
            "blockSize",
            "rows that are scored together; no result depends on it; allowed: 1 or more",
            ParamValidators.gtEq(1));
    broadcastLimit =
        new LongParam(
            owner,
            "broadcastLimit",
            "largest table, in bytes, that is sent to every executor as a whole; a larger one is"
                + " shuffled in blocks; no result depends on it; allowed: 0 or more",
            ParamValidators.gtEq(0));
    numPartitions =
        new IntParam(
            owner,
            "numPartitions",
            "partitions of a step; 0 chooses by the cores there are; no result depends on it;"
                + " allowed: 0 or more",
            ParamValidators.gtEq(0));
  }

  void setDefaults(Params owner) {
    owner.setDefault(userCol, "user");
    owner.setDefault(itemCol, "item");
    owner.setDefault(predictionCol, "prediction");
    owner.setDefault(coldStartStrategy, "nan");
    owner.setDefault(positionCol, "");
    owner.setDefault(positionDepth, 100);
    owner.setDefault(blockSize, 1024);
    owner.setDefault(broadcastLimit, 256L * 1024 * 1024);
    owner.setDefault(numPartitions, 0);
  }

  /**
   * Sets a Param; Spark's own message for a bad value does not say what is allowed, this one does.
   */
  static <T> void set(Params owner, Param<T> param, T value) {
    boolean valid;
    try {
      valid = value != null && (Boolean) param.isValid().apply(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(param.name() + ": " + e.getMessage(), e);
    }
    if (!valid) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%s is %s; %s", param.name(), value, param.doc()));
    }
    owner.set(param, value);
  }
}
