package dev.coppice.bench;

import dev.coppice.core.table.ByteAccount;
import dev.coppice.spark.DynamicSparseALS;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.SparseRecommender;
import dev.coppice.spark.items.NeighbourSummary;
import java.io.IOException;
import org.apache.spark.ml.recommendation.ALS;
import org.apache.spark.ml.recommendation.ALSModel;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** A model of either system, seen alike. */
interface Trained {

  /** Names of the columns: user and item ids (int), and the weight (float). */
  String USER = "user";

  /** See {@link #USER}. */
  String ITEM = "item";

  /** See {@link #USER}. */
  String WEIGHT = "weight";

  /** Trains a variant on rows of user, item and weight. */
  static Trained fit(Variant variant, Dataset<Row> rows) {
    return fit(variant, rows, null);
  }

  /**
   * Trains a variant on rows of user, item and weight.
   *
   * @param heldOut what a recommender chooses on; null for nothing
   */
  static Trained fit(Variant variant, Dataset<Row> rows, Dataset<Row> heldOut) {
    return switch (variant.system()) {
      case RECOMMENDER -> new OfCoppice(recommender(variant, rows, heldOut));
      case COPPICE ->
          new OfCoppice(
              StageParams.set(new DynamicSparseALS(), variant.settings())
                  .setUserCol(USER)
                  .setItemCol(ITEM)
                  .fit(rows));
      case MLLIB ->
          new OfMllib(
              StageParams.set(new ALS(), variant.settings())
                  .setUserCol(USER)
                  .setItemCol(ITEM)
                  .setRatingCol(WEIGHT)
                  .fit(rows));
    };
  }

  private static DynamicSparseALSModel recommender(
      Variant variant, Dataset<Row> rows, Dataset<Row> heldOut) {
    SparseRecommender stage =
        StageParams.set(new SparseRecommender(), variant.settings())
            .setUserCol(USER)
            .setItemCol(ITEM);
    if (heldOut == null) {
      return stage.fit(rows);
    }
    Dataset<Row> both =
        rows.withColumn("heldOut", functions.lit(false))
            .union(heldOut.withColumn("heldOut", functions.lit(true)));
    return stage.setValidationCol("heldOut").fit(both);
  }

  /** Returns the lists of all users; Coppice leaves out what they have seen, MLlib cannot. */
  Dataset<Row> recommend(int k, Dataset<Row> seen);

  /** Returns the user table. */
  Dataset<Row> userRows();

  /** Returns the item table. */
  Dataset<Row> itemRows();

  /** Returns the width of a row. */
  int rank();

  /** Returns the mean of stored weights a row, over both tables. */
  double weightsPerRow();

  /** Returns the bytes of both tables as arrays: values, positions and offsets, without ids. */
  long tableBytes();

  /** Saves the model in its own form. */
  void save(String path) throws IOException;

  /** Writes a stage in its own form. */
  private static void save(MLWritable model, String path) throws IOException {
    model.write().overwrite().save(path);
  }

  /**
   * Coppice's.
   *
   * @param model the model
   */
  record OfCoppice(DynamicSparseALSModel model) implements Trained {
    @Override
    public Dataset<Row> recommend(int k, Dataset<Row> seen) {
      return model.recommendForAllUsers(k, seen);
    }

    @Override
    public Dataset<Row> userRows() {
      return model.userRows();
    }

    @Override
    public Dataset<Row> itemRows() {
      return model.itemRows();
    }

    @Override
    public int rank() {
      return model.rank();
    }

    @Override
    public double weightsPerRow() {
      ByteAccount account = account();
      long links = model.neighbourSummary().map(NeighbourSummary::weights).orElse(0L);
      return (double) (account.stored() + links) / account.rows();
    }

    @Override
    public long tableBytes() {
      return account().tableBytes();
    }

    private ByteAccount account() {
      return model.info().userBytes().plus(model.info().itemBytes());
    }

    @Override
    public void save(String path) throws IOException {
      Trained.save(model, path);
    }
  }

  /**
   * MLlib's.
   *
   * @param model the model
   */
  record OfMllib(ALSModel model) implements Trained {
    @Override
    public Dataset<Row> recommend(int k, Dataset<Row> seen) {
      return model.recommendForAllUsers(k);
    }

    @Override
    public Dataset<Row> userRows() {
      return model.userFactors();
    }

    @Override
    public Dataset<Row> itemRows() {
      return model.itemFactors();
    }

    @Override
    public int rank() {
      return model.rank();
    }

    @Override
    public double weightsPerRow() {
      return model.rank();
    }

    @Override
    public long tableBytes() {
      long rows = model.userFactors().count() + model.itemFactors().count();
      return ByteAccount.denseBytes(rows, model.rank());
    }

    @Override
    public void save(String path) throws IOException {
      Trained.save(model, path);
    }
  }
}
