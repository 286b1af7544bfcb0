package dev.coppice.job.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;

import dev.coppice.report.DegreeBand;
import dev.coppice.report.DegreeHistogram;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

  /** Weights in each of the {@code rank} dimensions; {@code rows} has {@code dims}. */
  static List<Long> dimensions(Dataset<Row> rows, int rank) {
    List<Long> counts = new ArrayList<>(Collections.nCopies(rank, 0L));
    Dataset<Row> used =
        rows.select(explode(col("dims")).as("dim"))
            .groupBy(expr("cast(dim as int) & 65535").as("dim"))
            .count();
    for (Row row : used.collectAsList()) {
      counts.set(row.getInt(0), row.getLong(1));
    }
    return counts;
  }
}
