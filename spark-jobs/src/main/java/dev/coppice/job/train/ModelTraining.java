package dev.coppice.job.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Part;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.rank.Titles;
import dev.coppice.spark.AlsEstimator;
import dev.coppice.spark.AlsKeys;
import dev.coppice.spark.Choice;
import dev.coppice.spark.DynamicSparseALS;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.LatentKeys;
import dev.coppice.spark.SparseRecommender;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Training on a data set: the same for {@code train} and {@code retrain} but for the rows that are
 * learnt from and what the estimator starts with. {@code import} shares the estimator.
 *
 * @param data what is validated on, and the ids of the model
 * @param titles of items, for the report
 * @param target where the model is going to be
 */
public record ModelTraining(
    JobContext context, ConfigValues values, CanonicalDataset data, Titles titles, String target) {

  /** The estimator that the settings describe. */
  public static SparseRecommender estimator(ConfigValues values) {
    return configured(new SparseRecommender(), values);
  }

  /** The same for latent rows alone. */
  static DynamicSparseALS latentEstimator(ConfigValues values) {
    return configured(new DynamicSparseALS(), values);
  }

  /** Gives an estimator the settings; keys that a job lacks stay at their defaults. */
  private static <E extends AlsEstimator<E>> E configured(E als, ConfigValues values) {
    return als.configure(values)
        .setUserCol("user")
        .setItemCol("item")
        .setRatingCol("weight")
        // A job loads it itself: it may be a registry, and its ids are matched to the data set's.
        .setInitialModel("");
  }

  /** Lets an estimator fit. */
  @FunctionalInterface
  interface Fit {
    /** Returns the model that {@code als} trains on {@code rows}. */
    DynamicSparseALSModel of(SparseRecommender als, Dataset<Row> rows) throws Exception;
  }

  /** Whether sweeps are measured on the validation part. */
  private boolean validates() {
    return !values.find(TrainKeys.REFIT).orElse(false) && data.manifest().rows(Part.VALIDATION) > 0;
  }

  /**
   * Checks that there is a validation part if the settings need one.
   *
   * @throws BadInputException if there is none
   */
  void requireValidation() {
    if (!validates() && values.get(AlsKeys.PATIENCE) > 0) {
      throw new BadInputException(
          "patience = "
              + values.get(AlsKeys.PATIENCE)
              + " needs a validation part, and \""
              + data.path()
              + "\" has none. Set patience = 0, or prepare the data with validation = ratio.");
    }
  }

  /**
   * Trains, and tells of it as it goes.
   *
   * @param learnt the rows that are learnt from, with columns of the data set's parts
   * @return the model; its ids are the data set's indices
   */
  DynamicSparseALSModel train(SparseRecommender als, Dataset<Row> learnt, Fit fit)
      throws Exception {
    TrainingEvents events = new TrainingEvents(context, values.get(LatentKeys.MAX_ITER));
    als.setListener(events);
    DynamicSparseALSModel trained = context.phase("train", () -> fit(als, learnt, fit));
    events.trained(target, trained);
    return trained;
  }

  private DynamicSparseALSModel fit(SparseRecommender als, Dataset<Row> learnt, Fit fit)
      throws Exception {
    if (!validates()) {
      return fit.of(als, learnt);
    }
    return fit.of(als, validated(als, learnt, data));
  }

  /**
   * Lets an estimator measure its sweeps on the validation part of a data set.
   *
   * @param learnt the rows that are learnt from, with columns of the data set's parts
   * @return the rows to fit on
   */
  public static Dataset<Row> validated(
      AlsEstimator<?> als, Dataset<Row> learnt, CanonicalDataset data) {
    als.setValidationCol("validation");
    Column[] same = Arrays.stream(learnt.columns()).map(name -> col(name)).toArray(Column[]::new);
    return data.together(
        learnt
            .withColumn("validation", lit(false))
            .union(data.validation().select(same).withColumn("validation", lit(true))));
  }

  /** The settings of the job, and what was chosen where nothing was given. */
  private Map<String, String> settings(DynamicSparseALSModel trained) {
    Map<String, String> settings = new TreeMap<>(values.asMap());
    settings.putAll(Choice.byName(trained.choices()));
    return settings;
  }

  /** Returns a trained model as it is saved: with ids, fingerprint of the data, and settings. */
  DynamicSparseALSModel named(DynamicSparseALSModel trained, Dataset<Row> users, Dataset<Row> items)
      throws Exception {
    return context.phase(
        "name ids",
        () ->
            trained
                .withInfo(
                    trained
                        .info()
                        .withDataFingerprint(data.manifest().fingerprint())
                        .withConfiguration(settings(trained)))
                .withIds(data.toJoin(users), data.toJoin(items)));
  }
}
