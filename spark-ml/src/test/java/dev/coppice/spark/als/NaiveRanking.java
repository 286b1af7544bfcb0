package dev.coppice.spark.als;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Recall by sorting every unseen item of every user, in doubles. */
final class NaiveRanking {
  private NaiveRanking() {}

  static double recall(List<Row> train, List<Row> heldOut, TrainedTables tables, int k) {
    Map<Long, double[]> users = dense(tables.users());
    Map<Long, double[]> items = dense(tables.items());
    Map<Long, Set<Long>> seen = byUser(train);
    double sum = 0;
    int evaluated = 0;
    for (Map.Entry<Long, Set<Long>> entry : byUser(heldOut).entrySet()) {
      double[] user = users.get(entry.getKey());
      if (user == null) {
        continue;
      }
      List<Long> candidates = new ArrayList<>(items.keySet());
      candidates.removeAll(seen.get(entry.getKey()));
      candidates.sort(Comparator.comparingDouble(item -> -dot(user, items.get(item))));
      Set<Long> top = new HashSet<>(candidates.subList(0, Math.min(k, candidates.size())));
      top.retainAll(entry.getValue());
      sum += (double) top.size() / entry.getValue().size();
      evaluated++;
    }
    return sum / evaluated;
  }

  private static Map<Long, Set<Long>> byUser(List<Row> pairs) {
    Map<Long, Set<Long>> byUser = new TreeMap<>();
    for (Row pair : pairs) {
      byUser.computeIfAbsent(pair.getLong(1), user -> new HashSet<>()).add(pair.getLong(0));
    }
    return byUser;
  }

  private static Map<Long, double[]> dense(Dataset<Row> rows) {
    Map<Long, double[]> dense = new TreeMap<>();
    for (Row row : rows.collectAsList()) {
      double[] values = new double[16];
      List<Short> dims = row.getList(1);
      List<Float> weights = row.getList(2);
      for (int p = 0; p < dims.size(); p++) {
        values[dims.get(p)] = weights.get(p);
      }
      dense.put(row.getLong(0), values);
    }
    return dense;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }
}
