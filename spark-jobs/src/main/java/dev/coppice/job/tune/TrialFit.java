package dev.coppice.job.tune;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.job.frame.ErrorText;
import dev.coppice.job.frame.Facts;
import dev.coppice.job.train.ModelTraining;
import dev.coppice.spark.AlsKeys;
import dev.coppice.spark.Choice;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.SparseRecommender;
import java.util.Map;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a trial as {@code train} would, and measures it on the validation part.
 *
 * @param spark to see whether it is still there, and to name its jobs
 * @param data train and validation part
 * @param space what settings come to
 */
record TrialFit(SparkContext spark, CanonicalDataset data, Space space) {
  private static final Logger LOG = LoggerFactory.getLogger(TrialFit.class);

  /**
   * Trains a candidate at the size of a rung. What goes wrong becomes a failed trial, unless Spark
   * is gone or the thread is interrupted: then no settings are to blame.
   */
  Trial train(Candidate candidate, Rung rung) throws Exception {
    Map<String, String> settings = space.settings(candidate, rung);
    spark.setJobGroup("tune", "tune: candidate " + candidate.number(), false);
    long start = System.nanoTime();
    try {
      Trial.Outcome outcome = train(space.resolved(settings));
      return Double.isFinite(outcome.quality())
          ? Trial.done(candidate, rung, settings, outcome, seconds(start))
          : Trial.failed(candidate, rung, settings, "its metric is not a number", seconds(start));
    } catch (Exception | OutOfMemoryError | StackOverflowError | LinkageError | FSError e) {
      // Damaged data are damaged for all trials.
      if (spark.isStopped()
          || Thread.currentThread().isInterrupted()
          || e instanceof InterruptedException
          || e instanceof BadInputException) {
        throw e;
      }
      LOG.warn("a trial failed: {}", settings, e);
      return Trial.failed(candidate, rung, settings, ErrorText.of(e), seconds(start));
    } finally {
      if (!spark.isStopped()) {
        spark.clearJobGroup();
      }
    }
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private Trial.Outcome train(ConfigValues values) {
    String metric = values.get(AlsKeys.METRIC);
    SparseRecommender estimator = ModelTraining.estimator(values);
    DynamicSparseALSModel model =
        estimator.fit(ModelTraining.validated(estimator, data.train(), data));
    try {
      return new Trial.Outcome(
          model.info().metrics().getOrDefault(metric, Double.NaN),
          model.summary().orElseThrow().popularity().getOrDefault(metric, Double.NaN),
          Facts.modelBytes(model),
          Choice.byName(model.choices()));
    } finally {
      model.unpersist();
    }
  }
}
