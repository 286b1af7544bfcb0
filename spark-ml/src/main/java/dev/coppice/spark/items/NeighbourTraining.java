package dev.coppice.spark.items;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.util.Longs;
import dev.coppice.spark.held.HeldRows;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/** Trains the neighbours of items from pairs (docs/design.md section 5, "Neighbours"). */
public final class NeighbourTraining {
  /** Column of the users' ids, long. */
  public static final String USER = "user";

  /** Column of the items' ids, long. */
  public static final String ITEM = "item";

  private static final StructType ITEM_FORM =
      new StructType()
          .add("id", DataTypes.LongType, false)
          .add("code", DataTypes.IntegerType, false)
          .add("degree", DataTypes.IntegerType, false)
          .add("links", DataTypes.createArrayType(DataTypes.IntegerType, false), false)
          .add("linkWeights", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private final SparkSession session;
  private final JavaSparkContext spark;
  private final NeighbourSpec spec;
  private final StorageLevel storage;
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  /**
   * Prepares a training.
   *
   * @param storage how the tables that are handed over are kept
   */
  public NeighbourTraining(SparkSession session, NeighbourSpec spec, StorageLevel storage) {
    this.session = session;
    this.spec = spec;
    this.storage = storage;
    spark = JavaSparkContext.fromSparkContext(session.sparkContext());
  }

  /**
   * Trains on pairs.
   *
   * @param pairs columns {@link #USER} and {@link #ITEM}, long, without null; equal pairs count
   *     once
   * @throws BadInputException if there are no pairs, or 2^31 - 8 items or more
   */
  public TrainedNeighbours train(Dataset<Row> pairs) {
    long[] ids = phase("number items", () -> itemIds(pairs));
    Broadcast<long[]> dictionary = spark.broadcast(ids);
    Dataset<Row> histories = HeldRows.of(histories(pairs, dictionary), storage);
    try {
      JavaRDD<int[]> lists =
          histories
              .select("links")
              .queryExecution()
              .toRdd()
              .toJavaRDD()
              .map(row -> row.getArray(0).toIntArray());
      HistoryTotals totals = phase("sum histories", () -> totals(lists, ids.length));
      return trained(histories, lists, dictionary, totals);
    } catch (Exception e) {
      // Spark throws checked exceptions without declaring them.
      HeldRows.release(histories);
      throw e;
    } finally {
      dictionary.unpersist();
    }
  }

  private TrainedNeighbours trained(
      Dataset<Row> histories,
      JavaRDD<int[]> lists,
      Broadcast<long[]> dictionary,
      HistoryTotals totals) {
    int size = totals.degrees.length;
    long budget = budget(size);
    Broadcast<HistoryTotals> shared = spark.broadcast(totals);
    NeighbourColumns columns = new NeighbourColumns(spark, spec, lists, shared);
    try {
      columns.choose(budget, this::phase);
      JavaRDD<Row> rows =
          columns
              .solved()
              .map(
                  item ->
                      RowFactory.create(
                          dictionary.value()[item.target()],
                          item.target(),
                          shared.value().degrees[item.target()],
                          item.neighbours(),
                          item.weights()));
      Dataset<Row> items = HeldRows.of(session.createDataFrame(rows, ITEM_FORM), storage);
      try {
        Row counts =
            phase(
                "solve neighbours",
                () ->
                    items
                        .agg(
                            functions.sum(functions.size(functions.col("links"))),
                            functions.count_if(functions.size(functions.col("links")).equalTo(0)))
                        .head());
        return new TrainedNeighbours(
            histories,
            items,
            new NeighbourSummary(
                totals.users,
                size,
                totals.interactions,
                counts.getLong(0),
                budget,
                counts.getLong(1),
                totals.cut,
                Collections.unmodifiableMap(seconds)));
      } catch (Exception e) {
        // Spark throws checked exceptions without declaring them.
        HeldRows.release(items);
        throw e;
      }
    } finally {
      columns.release();
      shared.unpersist();
    }
  }

  /** Returns the weights that may be stored. */
  private long budget(int items) {
    return Math.max(1, (long) (spec.perItem() * items));
  }

  private long[] itemIds(Dataset<Row> pairs) {
    List<long[]> parts =
        pairs
            .select(ITEM)
            .distinct()
            .as(Encoders.LONG())
            .javaRDD()
            .mapPartitions(ids -> List.of(Longs.of(ids)).iterator())
            .collect();
    long size = parts.stream().mapToLong(part -> part.length).sum();
    if (size == 0) {
      throw new BadInputException(
          "there are no interactions to train on; check the input, and what was held out");
    }
    if (size > Integer.MAX_VALUE - 8) {
      throw new BadInputException(
          "there are " + size + " items; neighbours can be trained for up to 2^31 - 9");
    }
    long[] all = new long[(int) size];
    int to = 0;
    for (long[] part : parts) {
      System.arraycopy(part, 0, all, to, part.length);
      to += part.length;
    }
    Arrays.sort(all);
    return all;
  }

  /** Returns {@code id} and {@code links}: each user's items by code. */
  private static Dataset<Row> histories(Dataset<Row> pairs, Broadcast<long[]> dictionary) {
    UserDefinedFunction code =
        functions.udf(
            (UDF1<Long, Integer>) id -> Arrays.binarySearch(dictionary.value(), id),
            DataTypes.IntegerType);
    return pairs
        .select(functions.col(USER), code.apply(functions.col(ITEM)).as("code"))
        .groupBy(functions.col(USER).as("id"))
        .agg(functions.sort_array(functions.collect_set("code")).as("links"));
  }

  private HistoryTotals totals(JavaRDD<int[]> histories, int items) {
    NeighbourSpec told = spec;
    return histories
        .mapPartitions(
            lists -> {
              HistoryTotals sums = new HistoryTotals(items);
              lists.forEachRemaining(list -> sums.add(list, told));
              return List.of(sums).iterator();
            })
        .treeReduce(HistoryTotals::plus);
  }

  private <T> T phase(String name, Supplier<T> work) {
    spark.setJobDescription(name);
    long start = System.nanoTime();
    T result = work.get();
    seconds.merge(name, (System.nanoTime() - start) / 1e9, Double::sum);
    spark.setJobDescription(null);
    return result;
  }
}
