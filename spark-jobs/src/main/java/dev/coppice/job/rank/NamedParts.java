package dev.coppice.job.rank;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.min;

import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Part;
import dev.coppice.spark.DynamicSparseALSModel;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Parts of a data set with the users' own ids in place of indices. */
public final class NamedParts {
  private NamedParts() {}

  /** What users have, in the columns that a model has its users and items in. */
  public static Dataset<Row> seen(CanonicalDataset data, DynamicSparseALSModel model) {
    return pairs(data, data.trainAndValidation())
        .withColumnRenamed("user", model.getUserCol())
        .withColumnRenamed("item", model.getItemCol());
  }

  /** Columns {@code user} and {@code item}, both strings. */
  public static Dataset<Row> pairs(CanonicalDataset data, Dataset<Row> part) {
    return withIds(data, part.select("user", "item"))
        .select(col("userId").as("user"), col("itemId").as("item"));
  }

  /** Columns {@code user} and {@code item}, both strings, and {@code weight}. */
  public static Dataset<Row> weighted(CanonicalDataset data, Dataset<Row> part) {
    return withIds(data, part.select("user", "item", "weight"))
        .select(col("userId").as("user"), col("itemId").as("item"), col("weight"));
  }

  private static Dataset<Row> withIds(CanonicalDataset data, Dataset<Row> pairs) {
    Dataset<Row> users = data.users().select(col("index").as("user"), col("id").as("userId"));
    Dataset<Row> items = data.items().select(col("index").as("item"), col("id").as("itemId"));
    return data.join(data.join(pairs, users, "inner", "user"), items, "inner", "item");
  }

  /** A model that has its users and items in the columns that the parts have them in. */
  public static DynamicSparseALSModel named(DynamicSparseALSModel model) {
    return model.copy(new ParamMap()).setUserCol("user").setItemCol("item");
  }

  /** The same, to score in one partition if it and so many interactions are small. */
  public static DynamicSparseALSModel named(DynamicSparseALSModel model, long interactions) {
    DynamicSparseALSModel named = named(model);
    return named.setNumPartitions(named.scoringTables().numPartitions(interactions));
  }

  /** The group of each user of a part, the first by name if there are several. */
  static Dataset<Row> groups(CanonicalDataset data, Part part) {
    return data.part(part)
        .where(col("group").isNotNull())
        .groupBy("user")
        .agg(min("group").as("group"))
        .join(data.users().select(col("index").as("user"), col("id")), "user")
        .select(col("id").as("user"), col("group"));
  }
}
