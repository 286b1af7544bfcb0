package dev.coppice.spark.stream;

import dev.coppice.spark.table.IdType;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What users have so far, a row each: {@code user}, and in the order of the items {@code items},
 * {@code weights} (float) and {@code batches} (long: the last one in which the pair came); {@code
 * since} (long), the batch in which the user came first, and {@code dropped} (int), pairs that fell
 * out in the user's last batch. Ids are as they are matched: strings or longs.
 */
public final class Histories {
  private static final String[] BY_USER = {"user"};

  private Histories() {}

  /**
   * How histories grow.
   *
   * @param weighted whether weights are counted; else every pair weighs 1 however often it comes
   * @param latest whether the weight of a pair that comes again replaces the earlier one, instead
   *     of being added; of several in one batch the greatest counts
   * @param most pairs of a user; those whose last batch is longest ago fall out first
   */
  public record Rule(boolean weighted, boolean latest, int most) {
    private String weight() {
      if (!weighted) {
        return "cast(1 as float)";
      }
      return latest
          ? "element_at(seen, -1).weight"
          : "cast(aggregate(seen, 0D, (sum, x) -> sum + x.weight) as float)";
    }
  }

  /**
   * What the histories of a batch's users come to.
   *
   * @param users that have one
   * @param newUsers that came first in this batch
   * @param pairs in their histories
   * @param dropped pairs that fell out
   */
  public record Counts(long users, long newUsers, long pairs, long dropped) {
    /** Counts, with one job. */
    public static Counts of(Dataset<Row> histories, long batch) {
      Column pairs = functions.sum(functions.size(functions.col("items")));
      Row sums =
          histories
              .agg(
                  functions.count(functions.lit(1)),
                  functions.expr("count_if(since = " + batch + ")"),
                  functions.coalesce(pairs, functions.lit(0L)),
                  functions.coalesce(functions.sum("dropped"), functions.lit(0L)))
              .head();
      return new Counts(sums.getLong(0), sums.getLong(1), sums.getLong(2), sums.getLong(3));
    }
  }

  /** Returns the columns. */
  public static StructType schema(IdType users, IdType items) {
    return new StructType()
        .add("user", matched(users))
        .add("items", DataTypes.createArrayType(matched(items), false))
        .add("weights", DataTypes.createArrayType(DataTypes.FloatType, false))
        .add("batches", DataTypes.createArrayType(DataTypes.LongType, false))
        .add("since", DataTypes.LongType)
        .add("dropped", DataTypes.IntegerType);
  }

  private static DataType matched(IdType ids) {
    return ids.isString() ? DataTypes.StringType : DataTypes.LongType;
  }

  /**
   * Adds the pairs of a batch.
   *
   * @param fresh {@code user, item, weight}
   * @param earlier histories of before, or null
   * @return histories of the users of the batch
   */
  public static Dataset<Row> grown(
      Dataset<Row> fresh, Dataset<Row> earlier, long batch, Rule rule) {
    Dataset<Row> pairs =
        fresh
            .withColumn("batch", functions.lit(batch))
            .withColumn("since", functions.lit(batch))
            .select("user", "item", "weight", "batch", "since");
    if (earlier != null) {
      pairs =
          pairs.union(pairs(earlier.join(fresh.select("user").distinct(), BY_USER, "left_semi")));
    }
    // Sums run from the oldest batch on and from the least weight, whatever the partitions.
    return pairs
        .groupBy("user", "item")
        .agg(
            functions.expr("sort_array(collect_list(struct(batch, weight)))").as("seen"),
            functions.min("since").as("since"))
        .selectExpr(
            "user",
            "item",
            rule.weight() + " as weight",
            "element_at(seen, -1).batch as batch",
            "since")
        .groupBy("user")
        .agg(
            functions
                .expr("sort_array(collect_list(struct(-batch as age, item, weight, batch)))")
                .as("all"),
            functions.min("since").as("since"))
        .selectExpr(
            "user",
            String.format(
                Locale.ROOT,
                "array_sort(transform(slice(all, 1, %d), x -> struct(x.item, x.weight, x.batch)))"
                    + " as kept",
                rule.most()),
            "since",
            String.format(Locale.ROOT, "greatest(size(all) - %d, 0) as dropped", rule.most()))
        .selectExpr(
            "user",
            "kept.item as items",
            "kept.weight as weights",
            "kept.batch as batches",
            "since",
            "dropped");
  }

  /** Returns the pairs of histories: {@code user, item, weight, batch, since}. */
  public static Dataset<Row> pairs(Dataset<Row> histories) {
    return histories
        .selectExpr("user", "explode(arrays_zip(items, weights, batches)) as pair", "since")
        .selectExpr(
            "user",
            "pair.items as item",
            "pair.weights as weight",
            "pair.batches as batch",
            "since");
  }

  /** Returns the newest of each user's histories: that in which a pair came last. */
  static Dataset<Row> newest(Dataset<Row> histories) {
    return histories
        .groupBy("user")
        .agg(
            functions
                .expr("max_by(struct(items, weights, batches, since, dropped), array_max(batches))")
                .as("newest"))
        .select("user", "newest.*");
  }

  /** Returns the histories of {@code earlier} whose users are not in {@code later}. */
  public static Dataset<Row> others(Dataset<Row> earlier, Dataset<Row> later) {
    return earlier.join(later.select("user"), BY_USER, "left_anti");
  }

  /** Returns whether a history grew in a batch. */
  public static Column grewIn(long batch) {
    return functions.array_max(functions.col("batches")).equalTo(batch);
  }
}
