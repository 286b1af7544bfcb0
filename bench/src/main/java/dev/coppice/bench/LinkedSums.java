package dev.coppice.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Neighbours of items as plain lists, for scoring outside of Coppice.
 *
 * @param histories by user, the codes that it has; null for ids without a row
 * @param holders by code, the items that have it as a neighbour, and its weight in each
 */
record LinkedSums(int[][] histories, Map<Integer, List<Holder>> holders) {

  /** An item that has a neighbour. */
  record Holder(int item, float weight) {}

  /** Collects the links of two tables; null if they have none. */
  static LinkedSums collect(Dataset<Row> userRows, Dataset<Row> itemRows, int users) {
    if (!Arrays.asList(itemRows.columns()).contains("links")) {
      return null;
    }
    int[][] histories = new int[users][];
    for (Iterator<Row> all = userRows.select("id", "links").toLocalIterator(); all.hasNext(); ) {
      Row row = all.next();
      histories[((Number) row.get(0)).intValue()] =
          row.<Integer>getList(1).stream().mapToInt(Integer::intValue).toArray();
    }
    Map<Integer, List<Holder>> holders = new HashMap<>();
    for (Iterator<Row> all = itemRows.select("id", "links", "linkWeights").toLocalIterator();
        all.hasNext(); ) {
      Row row = all.next();
      List<Integer> codes = row.getList(1);
      List<Float> weights = row.getList(2);
      for (int q = 0; q < codes.size(); q++) {
        holders
            .computeIfAbsent(codes.get(q), key -> new ArrayList<>())
            .add(new Holder(((Number) row.get(0)).intValue(), weights.get(q)));
      }
    }
    return new LinkedSums(histories, holders);
  }

  /** Adds what a user's history gives to each item. */
  void addTo(int user, float[] scores) {
    for (int code : histories[user]) {
      for (Holder holder : holders.getOrDefault(code, List.of())) {
        scores[holder.item()] += holder.weight();
      }
    }
  }
}
