package dev.coppice.job.train;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.ceil;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Part;
import dev.coppice.spark.DynamicSparseALSModel;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Old and new interactions of a retraining. All pairs are numbered as {@code input} is.
 *
 * <p>A pair is old if it is in the train part of an earlier data set, new if it is in that of
 * {@code input} alone. A pair in both has the weight and the time of {@code input}.
 */
final class RetrainData {
  private static final String[] PAIR = {"user", "item"};

  private final CanonicalDataset input;
  private final List<CanonicalDataset> previous;
  private final List<CanonicalDataset> sets;
  private final Dataset<Row> rows;
  private final Counts counts;

  /**
   * What was found.
   *
   * @param old old pairs
   * @param fresh new pairs
   * @param late new pairs older than the newest old one
   * @param newestOld time in epoch milliseconds; null if there are no old pairs or no times
   * @param newestNew likewise
   */
  record Counts(long old, long fresh, long late, Long newestOld, Long newestNew) {
    /** Whether the newest new pair is older than the newest old one. */
    boolean backwards() {
      return newestOld != null && newestNew != null && newestNew < newestOld;
    }
  }

  private RetrainData(CanonicalDataset input, List<CanonicalDataset> previous) {
    this.input = input;
    this.previous = previous;
    sets = new ArrayList<>(previous);
    sets.add(input);
    rows = rows().persist();
    counts = count(rows);
  }

  /**
   * Joins the data sets; the earlier ones may be none, and then every pair is new.
   *
   * @throws BadInputException if an id of an earlier data set has another index in {@code input}
   */
  static RetrainData of(CanonicalDataset input, List<CanonicalDataset> previous) {
    for (CanonicalDataset earlier : previous) {
      requireSameIds(input, input.users(), earlier, earlier.users(), "users");
      requireSameIds(input, input.items(), earlier, earlier.items(), "items");
      // Needed only after training, and checked before it.
      earlier.validation();
    }
    return new RetrainData(input, previous);
  }

  private Dataset<Row> rows() {
    Dataset<Row> now = input.train().select("user", "item", "weight", "time");
    if (previous.isEmpty()) {
      return now.withColumn("old", lit(false));
    }
    Dataset<Row> before =
        union(CanonicalDataset::train)
            .withColumnRenamed("weight", "oldWeight")
            .withColumnRenamed("time", "oldTime");
    Dataset<Row> both =
        join(now, before, "full_outer")
            .select(
                col("user"),
                col("item"),
                coalesce(col("weight"), col("oldWeight")).as("weight"),
                when(col("weight").isNotNull(), col("time")).otherwise(col("oldTime")).as("time"),
                col("oldWeight").isNotNull().as("old"));
    return join(both, newValidation(), "left_anti");
  }

  /** Joins rows by user and item. */
  private Dataset<Row> join(Dataset<Row> left, Dataset<Row> right, String how) {
    return CanonicalDataset.join(sets, left, right, how, PAIR);
  }

  private static Counts count(Dataset<Row> rows) {
    Column old = col("old");
    Row times =
        rows.agg(
                count_if(old),
                count_if(not(old)),
                max(when(old, col("time"))),
                max(when(not(old), col("time"))))
            .head();
    Long newestOld = times.isNullAt(2) ? null : times.getLong(2);
    long late =
        newestOld == null
            ? 0
            : rows.where(not(old).and(col("time").lt(lit(newestOld.longValue())))).count();
    return new Counts(
        times.getLong(0),
        times.getLong(1),
        late,
        newestOld,
        times.isNullAt(3) ? null : times.getLong(3));
  }

  private interface PartOf {
    Dataset<Row> of(CanonicalDataset data);
  }

  /** Every pair once, as the last of the data sets that have it has it. */
  private Dataset<Row> union(PartOf part) {
    Dataset<Row> all = null;
    for (int i = previous.size() - 1; i >= 0; i--) {
      Dataset<Row> some = part.of(previous.get(i)).select("user", "item", "weight", "time");
      all = all == null ? some : all.union(join(some, all.select("user", "item"), "left_anti"));
    }
    return all;
  }

  private static void requireSameIds(
      CanonicalDataset input,
      Dataset<Row> now,
      CanonicalDataset earlier,
      Dataset<Row> before,
      String what) {
    long moved =
        input
            .join(before.withColumnRenamed("index", "oldIndex"), now, "left", "id")
            .where(not(coalesce(col("index").equalTo(col("oldIndex")), lit(false))))
            .count();
    if (moved > 0) {
      throw new BadInputException(
          moved
              + " "
              + what
              + " of \""
              + earlier.path()
              + "\" have another index in \""
              + input.path()
              + "\", or none. Prepare the new data with previous = "
              + earlier.path()
              + ", so that ids keep their index.");
    }
  }

  /** Returns what was found. */
  Counts counts() {
    return counts;
  }

  /** Returns all pairs; none of them is recommended again. */
  Dataset<Row> all() {
    return rows.select(PAIR[0], PAIR[1]);
  }

  /** Whether the new data have no validation part. */
  boolean lacksNewValidation() {
    return input.manifest().rows(Part.VALIDATION) == 0;
  }

  /** Whether no earlier data set has a validation part. */
  boolean lacksOldValidation() {
    return previous.stream().allMatch(data -> data.manifest().rows(Part.VALIDATION) == 0);
  }

  /** Returns the new data's validation part. */
  Dataset<Row> newValidation() {
    return input.validation().select("user", "item");
  }

  /** Returns the earlier validation parts, without what is learnt from now. */
  Dataset<Row> oldValidation() {
    if (previous.isEmpty()) {
      return newValidation().limit(0);
    }
    Dataset<Row> validation = union(CanonicalDataset::validation).select("user", "item");
    return join(join(validation, all(), "left_anti"), newValidation(), "left_anti");
  }

  /**
   * Returns what is learnt from, {@code user, item, weight, time}: all new pairs, and the replay.
   *
   * @param share of the old pairs that is replayed, drawn by seed and pair
   * @param weighted whether a replayed pair stands for those that are not
   * @param dropFitted share of each user's old pairs that is left out, those that the model
   *     predicts best
   */
  Dataset<Row> learnt(
      double share, boolean weighted, double dropFitted, DynamicSparseALSModel model, long seed) {
    List<String> columns = new ArrayList<>(List.of("user", "item", "weight", "time"));
    Dataset<Row> fresh = rows.where(not(col("old")));
    Dataset<Row> old = rows.where(col("old"));
    if (dropFitted > 0) {
      old = worstFitted(old, 1 - dropFitted, weighted, model);
    }
    if (share < 1) {
      UDF2<Integer, Integer, Boolean> drawn =
          (user, item) -> SeedStream.uniform(seed, Purpose.SAMPLE, user, item) < share;
      old = old.where(udf(drawn, DataTypes.BooleanType).apply(col("user"), col("item")));
      if (weighted && share > 0) {
        old = old.withColumn("weight", col("weight").divide(lit(share)).cast("float"));
      }
    }
    Column[] wanted = columns.stream().map(name -> col(name)).toArray(Column[]::new);
    Dataset<Row> learnt = fresh.select(wanted).union(old.select(wanted));
    return CanonicalDataset.together(sets, learnt);
  }

  private static Dataset<Row> worstFitted(
      Dataset<Row> old, double kept, boolean implicit, DynamicSparseALSModel model) {
    Dataset<Row> predicted = model.transform(old);
    Column prediction = col(model.getPredictionCol());
    Column error = implicit ? lit(1).minus(prediction) : abs(col("weight").minus(prediction));
    WindowSpec user = Window.partitionBy("user");
    // A pair that the model cannot predict is not a number, which Spark orders as the largest.
    return predicted
        .withColumn("error", error)
        .withColumn("place", row_number().over(user.orderBy(col("error").desc(), col("item"))))
        .withColumn("count", functions.count(lit(1)).over(user))
        .where(col("place").leq(ceil(col("count").multiply(lit(kept)))));
  }

  /** Gives the storage back. */
  void release() {
    rows.unpersist();
  }
}
