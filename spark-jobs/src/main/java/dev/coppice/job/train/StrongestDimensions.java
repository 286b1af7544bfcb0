package dev.coppice.job.train;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.row_number;

import dev.coppice.job.rank.Titles;
import dev.coppice.report.DimensionTop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * The strongest dimensions of a trained model with their top items, for the report. The driver gets
 * one sum a dimension and {@value #DIMENSIONS} x {@value #ITEMS} items.
 */
final class StrongestDimensions {
  private static final int DIMENSIONS = 12;
  private static final int ITEMS = 8;

  private StrongestDimensions() {}

  /**
   * Finds them; equal strengths by dimension, equal weights by index.
   *
   * @param ofUsers squares of the user table, see {@link TableFacts.Dimensions}
   * @param ofItems squares of the item table
   * @param items rows of the item table, their ids being indices of the dictionary
   * @param dictionary {@code index} and {@code id} of the items
   */
  static List<DimensionTop> of(
      Map<Integer, Double> ofUsers,
      Map<Integer, Double> ofItems,
      Dataset<Row> items,
      Dataset<Row> dictionary,
      Titles titles) {
    Map<Integer, Double> strengths = new HashMap<>();
    ofItems.forEach(
        (dim, squares) -> {
          if (ofUsers.containsKey(dim)) {
            strengths.put(dim, Math.sqrt(squares * ofUsers.get(dim)));
          }
        });
    List<Integer> strongest =
        strengths.keySet().stream()
            .sorted(
                (a, b) -> {
                  int order = Double.compare(strengths.get(b), strengths.get(a));
                  return order != 0 ? order : Integer.compare(a, b);
                })
            .limit(DIMENSIONS)
            .toList();
    Map<Integer, List<DimensionTop.Item>> top = top(items, strongest, dictionary, titles);
    return strongest.stream()
        .map(dim -> new DimensionTop(dim, strengths.get(dim), top.getOrDefault(dim, List.of())))
        .toList();
  }

  private static Map<Integer, List<DimensionTop.Item>> top(
      Dataset<Row> items, List<Integer> dims, Dataset<Row> dictionary, Titles titles) {
    Map<Integer, List<DimensionTop.Item>> top = new HashMap<>();
    Dataset<Row> largest =
        TableFacts.weights(items)
            .where(col("dim").isin(dims.toArray()))
            .withColumn(
                "place",
                row_number()
                    .over(Window.partitionBy("dim").orderBy(abs(col("weight")).desc(), col("id"))))
            .where(col("place").leq(ITEMS))
            .withColumnRenamed("id", "item");
    Dataset<Row> named =
        largest
            .join(
                dictionary.select(col("index"), col("id").cast("string").as("name")),
                col("item").equalTo(col("index")))
            .orderBy("dim", "place")
            .select("dim", "name", "weight");
    for (Row row : named.collectAsList()) {
      String title = titles.title(row.getString(1));
      top.computeIfAbsent(row.getInt(0), dim -> new ArrayList<>())
          .add(
              new DimensionTop.Item(
                  row.getString(1), title == null ? "" : title, row.getDouble(2)));
    }
    return top;
  }
}
