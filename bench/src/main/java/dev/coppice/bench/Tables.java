package dev.coppice.bench;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.table.ModelInfo;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Other recommenders in the form of Coppice's model, so that one evaluation serves all. */
final class Tables {
  private static final AlsObjective NONE =
      new AlsObjective(AlsObjective.Feedback.IMPLICIT, 0, 1, 0, 0, 0, 0, false);

  private Tables() {}

  /** Returns a model of any system; Coppice's as it is, MLlib's with every position filled. */
  static DynamicSparseALSModel model(Trained trained) {
    if (trained instanceof Trained.OfCoppice coppice) {
      return coppice.model();
    }
    Column dims =
        functions.lit(
            IntStream.range(0, trained.rank()).mapToObj(d -> (short) d).toArray(Short[]::new));
    return new DynamicSparseALSModel(
        "mllib",
        ModelInfo.of(trained.rank(), NONE),
        filled(trained.userRows(), dims, functions.col("features")),
        filled(trained.itemRows(), dims, functions.col("features")));
  }

  /** Returns popularity as a model of rank 1: an item's weight is its number of interactions. */
  static DynamicSparseALSModel popularity(Dataset<Row> train) {
    Column dims = functions.lit(new Short[] {0});
    Dataset<Row> users = train.select(functions.col(Trained.USER).as("id")).distinct();
    Dataset<Row> items =
        train.groupBy(functions.col(Trained.ITEM).as("id")).agg(functions.count("*").as("n"));
    return new DynamicSparseALSModel(
        "popularity",
        ModelInfo.of(1, NONE),
        filled(users, dims, functions.array(functions.lit(1f))),
        filled(items, dims, functions.array(functions.col("n").cast("float"))));
  }

  private static Dataset<Row> filled(Dataset<Row> rows, Column dims, Column weights) {
    return rows.select(
        functions.col("id"), dims.as("dims"), weights.as("weights"), functions.lit(0).as("degree"));
  }
}
