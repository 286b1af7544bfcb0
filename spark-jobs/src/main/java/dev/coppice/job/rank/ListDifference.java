package dev.coppice.job.rank;

import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.array_intersect;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.flatten;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import dev.coppice.report.EvaluationDetails;
import dev.coppice.spark.DynamicSparseALSModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How the lists of two models differ, on a sample of users who get one from both. */
public final class ListDifference {
  private ListDifference() {}

  /**
   * Compares. The driver's part is one row; one task holds the lists of all users of the sample.
   *
   * @param before the other model; both have the columns of {@link NamedParts#named}
   * @param after the model
   * @param drawnFrom has the users' column: who is drawn from, by a hash of the ids
   * @param most users at most
   * @param seen pairs that are not recommended; null for none
   * @param length of the lists
   */
  public static EvaluationDetails.ListChange measure(
      DynamicSparseALSModel before,
      DynamicSparseALSModel after,
      Dataset<Row> drawnFrom,
      int most,
      Dataset<Row> seen,
      int length) {
    Dataset<Row> sample = sample(drawnFrom, most).persist();
    try {
      Column shared = size(array_intersect(col("old"), col("now")));
      Row row =
          top(before, sample, seen, length, "old")
              .join(top(after, sample, seen, length, "now"), "user")
              .agg(
                  count(lit(1)),
                  avg(shared.divide(lit((double) length))),
                  avg(when(col("old").equalTo(col("now")), 1.0).otherwise(0.0)),
                  size(array_distinct(flatten(collect_list(col("old"))))),
                  size(array_distinct(flatten(collect_list(col("now"))))),
                  size(
                      array_intersect(
                          flatten(collect_list(col("old"))), flatten(collect_list(col("now"))))))
              .head();
      boolean any = row.getLong(0) > 0;
      return new EvaluationDetails.ListChange(
          row.getLong(0),
          length,
          any ? row.getDouble(1) : Double.NaN,
          any ? row.getDouble(2) : Double.NaN,
          any ? row.getInt(3) : 0,
          any ? row.getInt(4) : 0,
          any ? row.getInt(5) : 0);
    } finally {
      sample.unpersist();
    }
  }

  /** Some of the users, the same for the same ids. */
  static Dataset<Row> sample(Dataset<Row> users, int most) {
    return users
        .select(col("user"))
        .distinct()
        .orderBy(xxhash64(col("user")), col("user"))
        .limit(most);
  }

  private static Dataset<Row> top(
      DynamicSparseALSModel model, Dataset<Row> users, Dataset<Row> seen, int length, String name) {
    return (seen == null
            ? model.recommendForUserSubset(users, length)
            : model.recommendForUserSubset(users, length, seen))
        .select(
            col("user").cast("string").as("user"),
            col("recommendations.item").cast("array<string>").as(name));
  }
}
