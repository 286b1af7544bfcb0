package dev.coppice.job.serve;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.sort_array;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.eval.MetricsAccumulator;
import dev.coppice.core.eval.RankingMetrics;
import dev.coppice.core.serving.RankedItem;
import dev.coppice.core.serving.Selection;
import dev.coppice.core.serving.ServingModel;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Part;
import dev.coppice.job.rank.NamedParts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Recall@20 and NDCG@20 of serving files, asked user by user as a server would ask them. The
 * protocol is that of {@code evaluate}: full ranking over unseen items; a user whom the model does
 * not know gets an empty list. The driver streams the users.
 */
final class ServingQuality {
  private static final int K = 20;
  private static final List<MetricKey> KEYS =
      List.of(MetricKey.parse("recall@" + K), MetricKey.parse("ndcg@" + K));

  private final String part;
  private final Dataset<Row> users;

  private ServingQuality(String part, Dataset<Row> users) {
    this.part = part;
    this.users = users;
  }

  /**
   * Prepares to measure.
   *
   * @throws BadInputException if the data set has no such part
   */
  static ServingQuality of(CanonicalDataset data, Part part) {
    if (data.manifest().rows(part) == 0) {
      throw new BadInputException(
          "\""
              + data.path()
              + "\" has no "
              + part.key()
              + " part to measure the file's quality on.");
    }
    Dataset<Row> seen = part == Part.TEST ? data.trainAndValidation() : data.train();
    return new ServingQuality(
        part.key(),
        perUser(NamedParts.pairs(data, data.part(part)), "wanted")
            .join(perUser(NamedParts.pairs(data, seen), "seen"), new String[] {"user"}, "left")
            .select(
                col("user"),
                col("wanted"),
                coalesce(col("seen"), array().cast("array<string>")).as("seen")));
  }

  private static Dataset<Row> perUser(Dataset<Row> pairs, String name) {
    return pairs.groupBy("user").agg(sort_array(collect_set(col("item"))).as(name));
  }

  /** Measures the files, all with the same users; one line a file, and the differences. */
  List<String> measure(List<ServingModel> files) {
    RankingMetrics metrics = new RankingMetrics(KEYS);
    List<MetricsAccumulator> sums = new ArrayList<>();
    files.forEach(file -> sums.add(new MetricsAccumulator(KEYS.size())));
    double[] values = new double[KEYS.size()];
    Iterator<Row> rows = users.toLocalIterator();
    while (rows.hasNext()) {
      Row row = rows.next();
      Selection selection = Selection.of(K).withSeen().without(row.<String>getList(2));
      for (int f = 0; f < files.size(); f++) {
        ServingModel file = files.get(f);
        int[] ranking =
            file.recommend(row.getString(0), selection).orElse(List.of()).stream()
                .mapToInt(RankedItem::row)
                .toArray();
        metrics.evaluate(ranking, ranking.length, wanted(file, row.getList(1)), values);
        sums.get(f).add(values);
      }
    }
    return lines(files, sums);
  }

  /** Item rows, ascending; items that the file does not know get numbers of their own. */
  private static int[] wanted(ServingModel file, List<String> ids) {
    int[] rows = new int[ids.size()];
    int unknown = 0;
    for (int i = 0; i < rows.length; i++) {
      int row = file.items().find(ids.get(i));
      rows[i] = row >= 0 ? row : Integer.MAX_VALUE - unknown++;
    }
    Arrays.sort(rows);
    return rows;
  }

  private List<String> lines(List<ServingModel> files, List<MetricsAccumulator> sums) {
    List<String> lines = new ArrayList<>();
    for (int f = 0; f < files.size(); f++) {
      lines.add(
          String.format(
              Locale.ROOT,
              "quality with %d bits, %,d users of the %s part: recall@20 %.5f, ndcg@20 %.5f",
              files.get(f).weightForm().bits(),
              sums.get(f).users(),
              part,
              sums.get(f).mean(0),
              sums.get(f).mean(1)));
    }
    if (files.size() > 1) {
      lines.add(
          String.format(
              Locale.ROOT,
              "16 bits instead of 32: recall@20 %+.5f, ndcg@20 %+.5f",
              sums.get(0).mean(0) - sums.get(1).mean(0),
              sums.get(0).mean(1) - sums.get(1).mean(1)));
    }
    return lines;
  }
}
