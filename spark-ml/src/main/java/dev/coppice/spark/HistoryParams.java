package dev.coppice.spark;

import org.apache.spark.ml.param.Params;

/**
 * What a training that starts from a model is told of the interactions that the model was trained
 * on.
 *
 * @param <S> the stage
 */
public interface HistoryParams<S> extends Params {

  /** Sets what stands for the interactions that the initial model was trained on. */
  default S setHistory(String value) {
    return ParamSet.set(this, AlsKeys.HISTORY, value);
  }

  /** Returns what stands for the interactions that the initial model was trained on. */
  default String getHistory() {
    return ParamSet.get(this, AlsKeys.HISTORY);
  }

  /** Sets gamma, what an earlier interaction weighs in keeping scores. */
  default S setKeepScores(double value) {
    return ParamSet.set(this, AlsKeys.KEEP_SCORES, value);
  }

  /** Returns gamma, what an earlier interaction weighs in keeping scores. */
  default double getKeepScores() {
    return ParamSet.get(this, AlsKeys.KEEP_SCORES);
  }

  /** Sets the periods in a row that may be trained without earlier interactions. */
  default S setScoresLimit(int value) {
    return ParamSet.set(this, AlsKeys.SCORES_LIMIT, value);
  }

  /** Returns the periods in a row that may be trained without earlier interactions. */
  default int getScoresLimit() {
    return ParamSet.get(this, AlsKeys.SCORES_LIMIT);
  }
}
