package dev.coppice.job.train;

import static org.apache.spark.sql.functions.arrays_zip;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import dev.coppice.report.DegreeBand;
import dev.coppice.report.DegreeHistogram;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Counts of a table's rows and weights for the report; the driver gets fixed-size sums. */
final class TableFacts {
  private TableFacts() {}

  /** Weights per row against row degree; {@code rows} has {@code degree} and {@code weights}. */
  static List<DegreeBand> bands(Dataset<Row> rows, int rank) {
    DegreeHistogram histogram = new DegreeHistogram(rank);
    // The smallest degree of a band stands for the whole band.
    Dataset<Row> counts =
        rows.select(
                expr("case when degree < 1 then 0L"
                        + " else shiftleft(1L, length(bin(degree)) - 1) end")
                    .as("degree"),
                expr("size(weights)").as("size"))
            .groupBy("degree", "size")
            .count();
    for (Row row : counts.collectAsList()) {
      for (long n = row.getLong(2); n > 0; n--) {
        histogram.add(row.getLong(0), row.getInt(1));
      }
    }
    return histogram.bands();
  }

  /**
   * What the dimensions of a table hold.
   *
   * @param counts weights in each of the {@code rank} dimensions
   * @param squares sum of their squares, by dimension; only of dimensions that have weights
   */
  record Dimensions(List<Long> counts, Map<Integer, Double> squares) {}

  /** Sums by dimension; {@code rows} has {@code id}, {@code dims} and {@code weights}. */
  static Dimensions dimensions(Dataset<Row> rows, int rank) {
    List<Long> counts = new ArrayList<>(Collections.nCopies(rank, 0L));
    Map<Integer, Double> squares = new HashMap<>();
    Dataset<Row> sums =
        weights(rows).groupBy("dim").agg(count(lit(1)), expr("sum(weight * weight)"));
    for (Row row : sums.collectAsList()) {
      counts.set(row.getInt(0), row.getLong(1));
      squares.put(row.getInt(0), row.getDouble(2));
    }
    return new Dimensions(counts, squares);
  }

  /** Columns {@code id}, {@code dim} (int) and {@code weight} (double), a row a weight. */
  static Dataset<Row> weights(Dataset<Row> rows) {
    return rows.select(col("id"), explode(arrays_zip(col("dims"), col("weights"))).as("stored"))
        .select(
            col("id"),
            expr("cast(stored.dims as int) & 65535").as("dim"),
            expr("cast(stored.weights as double)").as("weight"));
  }
}
