package dev.coppice.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What clients reach that join a global table trained without them. */
final class NewClients {
  private final List<String> names;
  private final double[] known;
  private final Map<Double, One[]> joined = new LinkedHashMap<>();

  /**
   * One client at one capacity.
   *
   * @param gate with its gate alone trained, on the frozen table
   * @param rows with its own rows of that table's items trained after that
   */
  private record One(double gate, double rows) {}

  /**
   * Starts empty.
   *
   * @param names of the clients
   */
  NewClients(List<String> names) {
    this.names = names;
    known = new double[names.size()];
  }

  /** Says which share of the pairs to find has an item that another client has, too. */
  void known(int client, double share) {
    known[client] = share;
  }

  void add(double capacity, int client, double gate, double rows) {
    joined.computeIfAbsent(capacity, c -> new One[names.size()])[client] = new One(gate, rows);
  }

  /** Where clients are compared with what they reach when they take part. */
  interface Participating {
    double ndcg(double capacity, int client);
  }

  /**
   * Returns a table.
   *
   * @param less what is called that clients have at the least
   * @param more what is called that they have at the most
   */
  String table(String less, String more, Participating participating) {
    List<String> head = new ArrayList<>(List.of("client", "pairs to find among known items, %"));
    joined
        .keySet()
        .forEach(
            capacity -> {
              head.add(capacity + ": " + less + ", NDCG@20 (% of participating)");
              head.add(capacity + ": " + more);
            });
    List<List<String>> rows = new ArrayList<>();
    for (int c = 0; c < names.size(); c++) {
      List<String> row = new ArrayList<>(List.of(names.get(c), Markdown.number(100 * known[c], 1)));
      for (Map.Entry<Double, One[]> entry : joined.entrySet()) {
        One one = entry.getValue()[c];
        double taking = participating.ndcg(entry.getKey(), c);
        row.add(compared(one.gate(), taking));
        row.add(compared(one.rows(), taking));
      }
      rows.add(row);
    }
    return Markdown.table(head, rows);
  }

  private static String compared(double ndcg, double taking) {
    return Markdown.number(ndcg, 4) + " (" + Markdown.number(100 * ndcg / taking, 0) + ")";
  }
}
