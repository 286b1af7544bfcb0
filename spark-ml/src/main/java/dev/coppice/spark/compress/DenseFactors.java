package dev.coppice.spark.compress;

import dev.coppice.core.error.BadInputException;
import dev.coppice.files.FileFault;
import dev.coppice.spark.store.StageMetadata;
import dev.coppice.spark.table.RowTable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.recommendation.ALSModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * The tables of a model of MLlib's {@code ALS}, as tables of which every position is stored. Ids
 * become text: 7 is "7".
 *
 * @param rank width of the rows
 * @param users the user table
 * @param items the item table
 */
public record DenseFactors(int rank, RowTable users, RowTable items) {

  /**
   * Loads a saved {@code ALSModel}.
   *
   * @throws BadInputException if the path holds none, or factors that are not finite
   */
  public static DenseFactors load(String path) {
    StageMetadata.require(
        SparkSession.active(),
        path,
        ALSModel.class,
        "Set alsModel to the directory to which model.save(...) wrote an ALSModel of Spark MLlib.");
    ALSModel model;
    try {
      model = ALSModel.load(path);
    } catch (Exception e) {
      // Scala's methods throw checked exceptions without saying so.
      if (!FileFault.explains(e, new Path(path))) {
        throw e;
      }
      throw new BadInputException(
          "alsModel = \""
              + path
              + "\" cannot be read as an ALSModel of Spark MLlib: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
              + ". Give the directory that model.save(...) wrote.",
          e);
    }
    return new DenseFactors(
        model.rank(),
        table("users", path, model.userFactors(), model.rank()),
        table("items", path, model.itemFactors(), model.rank()));
  }

  private static RowTable table(String what, String path, Dataset<Row> factors, int rank) {
    Column features = functions.col("features");
    Column wrong =
        functions
            .size(features)
            .notEqual(rank)
            .or(
                functions.exists(
                    features,
                    weight ->
                        functions
                            .isnan(weight)
                            .or(functions.abs(weight).gt(functions.lit(Float.MAX_VALUE)))));
    long bad = factors.where(functions.coalesce(wrong, functions.lit(true))).count();
    if (bad > 0) {
      throw new BadInputException(
          bad
              + " rows of the "
              + what
              + " of alsModel = \""
              + path
              + "\" have not "
              + rank
              + " finite factors. Train it again.");
    }
    List<Short> dims = IntStream.range(0, rank).mapToObj(d -> (short) d).toList();
    Column all = functions.array(dims.stream().map(functions::lit).toArray(Column[]::new));
    return new RowTable(
        what,
        factors.select(
            functions.col("id").cast("string").as(RowTable.ID),
            all.cast(DataTypes.createArrayType(DataTypes.ShortType, false)).as(RowTable.DIMS),
            features.as(RowTable.WEIGHTS)));
  }
}
