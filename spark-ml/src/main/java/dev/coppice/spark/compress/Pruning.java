package dev.coppice.spark.compress;

import dev.coppice.core.mask.BucketCounts;
import dev.coppice.core.mask.KeyPrefix;
import dev.coppice.core.mask.SalientWeights;
import dev.coppice.core.mask.ScoreHistogram;
import dev.coppice.core.mask.ScoreKey;
import dev.coppice.core.mask.Threshold;
import dev.coppice.core.mask.ThresholdSearch;
import dev.coppice.core.table.Budget;
import dev.coppice.spark.table.RowTable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Prunes a table to a budget, to the single weight: the positions of the smallest scores go, by the
 * exact global threshold of {@link ThresholdSearch}. A row keeps at least so many weights.
 *
 * <p>The score of weight w of dimension j is |w| times the length of column j of the other table.
 * Its square is the sum, over all rows of the other table, of the squares of what that weight adds
 * to their products: what is lost in all scores of the row when it goes.
 */
public final class Pruning {
  private static final StructType SCHEMA =
      new StructType()
          .add(RowTable.ID, DataTypes.StringType, false)
          .add(RowTable.DIMS, DataTypes.createArrayType(DataTypes.ShortType, false), false)
          .add(RowTable.WEIGHTS, DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private Pruning() {}

  /**
   * The lengths of a table's columns: {@code float[rank]}. Summed in decimals, so that they do not
   * depend on partitions.
   */
  public static float[] columnLengths(RowTable table, int rank) {
    String square = "cast(cast(entry.weights as double) * entry.weights as decimal(38, 18))";
    List<Row> sums =
        table
            .rows()
            .select(functions.expr("explode(arrays_zip(dims, weights)) as entry"))
            .groupBy(functions.expr("cast(entry.dims as int) & 65535 as dim"))
            .agg(functions.expr("cast(sum(" + square + ") as double) as sum"))
            .collectAsList();
    float[] lengths = new float[rank];
    for (Row sum : sums) {
      lengths[sum.getInt(0)] = (float) Math.sqrt(sum.getDouble(1));
    }
    return lengths;
  }

  /**
   * Prunes a table.
   *
   * @param table ids are those of MLlib, whole numbers in the range of an int, as text; it is read
   *     several times
   * @param lengths {@code float[rank]} lengths of the other table's columns
   * @param budget of this table
   * @param minWeightsPerRow weights that every row keeps
   * @throws IllegalArgumentException if rows cannot be pruned to the budget
   */
  public static RowTable prune(
      RowTable table, float[] lengths, Budget budget, int minWeightsPerRow) {
    Cutter cutter = new Cutter(lengths, minWeightsPerRow);
    JavaRDD<Row> rows = rows(table).javaRDD();
    long stored = table.size().stored();
    ThresholdSearch search = new ThresholdSearch(Math.max(0, stored - budget.weights()));
    while (!search.done()) {
      KeyPrefix prefix = search.prefix();
      BucketCounts counts =
          rows.mapPartitions(part -> List.of(cutter.count(part, prefix)).iterator())
              .treeReduce(BucketCounts::plus);
      ScoreHistogram histogram = new ScoreHistogram();
      counts.addTo(histogram);
      if (search.level() == 0
          && ScoreHistogram.total(histogram.prune()) < stored - budget.weights()) {
        throw new IllegalArgumentException(
            "minWeightsPerRow = "
                + minWeightsPerRow
                + " leaves too little to prune to "
                + budget.weights()
                + " weights; lower it, or raise density");
      }
      search.accept(histogram.prune());
    }
    Threshold threshold = search.threshold();
    MapPartitionsFunction<Row, Row> cut =
        part -> {
          List<Row> kept = new ArrayList<>();
          part.forEachRemaining(row -> kept.add(cutter.cut(row, threshold)));
          return kept.iterator();
        };
    return new RowTable("pruned", rows(table).mapPartitions(cut, Encoders.row(SCHEMA)));
  }

  private static Dataset<Row> rows(RowTable table) {
    return table.rows().select(RowTable.ID, RowTable.DIMS, RowTable.WEIGHTS);
  }

  /** Scores the weights of rows. */
  private record Cutter(float[] lengths, int minWeightsPerRow) implements Serializable {

    BucketCounts count(Iterator<Row> rows, KeyPrefix prefix) {
      ScoreHistogram histogram = new ScoreHistogram();
      SalientWeights salient = new SalientWeights(minWeightsPerRow);
      while (rows.hasNext()) {
        Row row = rows.next();
        List<Short> dims = row.getList(1);
        long key = weigh(salient, row);
        for (int i = 0; i < dims.size(); i++) {
          long tie = ScoreKey.tie(key, Short.toUnsignedInt(dims.get(i)));
          if (salient.prunable(i) && prefix.matches(salient.pruneScore(i), tie)) {
            histogram.countPrune(ScoreKey.digit(salient.pruneScore(i), tie, prefix.level()));
          }
        }
      }
      return BucketCounts.of(histogram);
    }

    Row cut(Row row, Threshold threshold) {
      List<Short> dims = row.getList(1);
      List<Float> weights = row.getList(2);
      SalientWeights salient = new SalientWeights(minWeightsPerRow);
      long key = weigh(salient, row);
      short[] keptDims = new short[dims.size()];
      float[] keptWeights = new float[dims.size()];
      int kept = 0;
      for (int i = 0; i < dims.size(); i++) {
        long tie = ScoreKey.tie(key, Short.toUnsignedInt(dims.get(i)));
        if (!salient.prunable(i) || !threshold.takes(salient.pruneScore(i), tie)) {
          keptDims[kept] = dims.get(i);
          keptWeights[kept++] = weights.get(i);
        }
      }
      return RowFactory.create(
          row.getString(0), Arrays.copyOf(keptDims, kept), Arrays.copyOf(keptWeights, kept));
    }

    private long weigh(SalientWeights salient, Row row) {
      List<Short> dims = row.getList(1);
      List<Float> weights = row.getList(2);
      salient.row(
          dims.size(), i -> Math.abs(weights.get(i)) * lengths[Short.toUnsignedInt(dims.get(i))]);
      return number(row.getString(0));
    }

    /** A number of the row's own, at least 0, which decides between equal scores. */
    private static long number(String id) {
      return Integer.parseInt(id) - (long) Integer.MIN_VALUE;
    }
  }
}
