package dev.coppice.bench;

import dev.coppice.spark.FederationSummary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Gathers and writes what {@link Federate} measured. */
final class FederateReport {
  /** The system that relative figures refer to. */
  static final String GLOBAL = "global";

  /** The system whose clients are shown one by one. */
  static final String GATED = "gated";

  /** The federation of neighbours. */
  static final String NEIGHBOURS = "neighbours";

  /** Every client trained on its own interactions alone. */
  static final String LOCAL_ONLY = "local only";

  /** Bytes of a kept weight in the table: position and value. */
  private static final int BYTES_PER_WEIGHT = Short.BYTES + Float.BYTES;

  /** What one system reached with one seed. */
  private record Run(
      ClientSplit.Reached[] reached, long stored, List<FederationSummary.Round> rounds) {
    double ndcg() {
      return Arrays.stream(reached).mapToDouble(ClientSplit.Reached::ndcg).average().orElse(0);
    }

    double recall() {
      return Arrays.stream(reached).mapToDouble(ClientSplit.Reached::recall).average().orElse(0);
    }
  }

  private record Key(String system, double capacity) {}

  private final Map<Key, List<Run>> runs = new LinkedHashMap<>();
  private NewClients joined;
  private NewClients joinedNeighbours;

  /** By capacity, one list a seed: the gate of each client. */
  private final Map<Double, List<List<String>>> chosen = new LinkedHashMap<>();

  /** By capacity, one list a seed: what others' pairs weigh in each client's neighbours. */
  private final Map<Double, List<List<String>>> weighed = new LinkedHashMap<>();

  private final Map<Double, List<Long>> sent = new LinkedHashMap<>();

  void add(
      String system,
      double capacity,
      ClientSplit.Reached[] reached,
      long stored,
      List<FederationSummary.Round> rounds) {
    runs.computeIfAbsent(new Key(system, capacity), k -> new ArrayList<>())
        .add(new Run(reached, stored, List.copyOf(rounds)));
  }

  /** Says which gate each client of the gated system took, with one more seed. */
  void chosen(double capacity, List<String> gates) {
    chosen.computeIfAbsent(capacity, c -> new ArrayList<>()).add(gates);
  }

  /** Says what clients reached that joined a table trained without them. */
  void joined(NewClients of) {
    joined = of;
  }

  /** Says what others' pairs weighed in each client's neighbours, with one more seed. */
  void weighed(double capacity, List<Double> weights) {
    weighed
        .computeIfAbsent(capacity, c -> new ArrayList<>())
        .add(weights.stream().map(String::valueOf).toList());
  }

  /** Says how many bytes of sums of pairs each client sent, with the last seed. */
  void sent(double capacity, List<Long> bytes) {
    sent.put(capacity, bytes);
  }

  /** Says what clients reached that joined a federation of neighbours. */
  void joinedNeighbours(NewClients of) {
    joinedNeighbours = of;
  }

  String markdown(
      String title,
      String command,
      Map<String, String> facts,
      String fingerprint,
      List<Long> seeds,
      boolean onTest,
      List<String> clients) {
    StringBuilder text = new StringBuilder("## Gated local models: " + title);
    text.append(onTest ? "\n\n" : " (validation)\n\n");
    text.append("`").append(command).append("`\n\n").append(Markdown.facts(facts)).append(".\n\n");
    text.append(onTest ? "Trained on train and validation, measured on test" : "Trained on train")
        .append(onTest ? "" : " without validation, measured on validation")
        .append(", full ranking over unseen items; ")
        .append(clients.size())
        .append(" clients; means over clients, then over seeds ")
        .append(
            String.join(
                ", ",
                seeds.stream()
                    .limit(runs.get(new Key(GLOBAL, 1)).size())
                    .map(String::valueOf)
                    .toList()))
        .append(" (rows with fewer seeds say so). Against global: change of the mean NDCG@20,")
        .append(" and the smallest change of a client, mean over seeds. Worst tenth: mean NDCG@20")
        .append(" of the tenth of all users that are served worst; without a hit: users with no")
        .append(" wanted item among the 20. Table: largest item table of a client, 6 bytes a")
        .append(" weight. Data fingerprint: ")
        .append(fingerprint)
        .append(".\n\n")
        .append(systems())
        .append("\n")
        .append(messages());
    text.append("\n### By client: NDCG@20\n\n").append(byClient(clients));
    text.append(alone(clients));
    if (!chosen.isEmpty()) {
      text.append("\n### Gates the clients chose (number of seeds, where not all)\n\n");
      text.append(choices(clients, chosen));
    }
    if (!weighed.isEmpty()) {
      text.append("\n### What others' pairs weigh (number of seeds, where not all)\n\n");
      text.append(choices(clients, weighed));
      text.append("\nSums of pairs sent, once, whatever the capacity, kB: ");
      List<Long> bytes = sent.values().iterator().next();
      for (int c = 0; c < clients.size(); c++) {
        text.append(c == 0 ? "" : ", ")
            .append(clients.get(c))
            .append(" ")
            .append(Markdown.number(bytes.get(c) / 1e3, 0));
      }
      text.append(".\n");
    }
    if (joinedNeighbours != null) {
      text.append("\n### New clients, neighbours\n\n")
          .append(
              joinedNeighbours.table(
                  "nothing sent",
                  "own pairs too",
                  (capacity, client) ->
                      runs.get(new Key(NEIGHBOURS, capacity)).get(0).reached()[client].ndcg()));
    }
    if (joined != null) {
      text.append("\n### New clients\n\n")
          .append(
              joined.table(
                  "gate alone",
                  "own rows too",
                  (capacity, client) ->
                      runs.get(new Key(GATED, capacity)).get(0).reached()[client].ndcg()));
    }
    return text.toString();
  }

  private String systems() {
    List<Map.Entry<Key, List<Run>>> order = new ArrayList<>(runs.entrySet());
    order.sort(
        Comparator.comparingDouble((Map.Entry<Key, List<Run>> e) -> -e.getKey().capacity())
            .thenComparing(
                Comparator.comparingDouble(
                    (Map.Entry<Key, List<Run>> e) ->
                        -e.getValue().stream().mapToDouble(Run::ndcg).average().orElse(0))));
    List<List<String>> rows = new ArrayList<>();
    for (Map.Entry<Key, List<Run>> entry : order) {
      List<Run> all = entry.getValue();
      boolean fewer = all.size() < runs.get(new Key(GLOBAL, 1)).size();
      rows.add(
          List.of(
              entry.getKey().system() + (fewer ? " (" + all.size() + " seed)" : ""),
              String.valueOf(entry.getKey().capacity()),
              MeanError.of(all.stream().map(Run::ndcg).toList()).toString(),
              MeanError.of(all.stream().map(Run::recall).toList()).toString(),
              change(all, false),
              change(all, true),
              Markdown.number(mean(all, FederateReport::worstTenth), 4),
              Markdown.number(100 * mean(all, FederateReport::withoutHit), 1),
              Markdown.number(mean(all, run -> run.stored() * BYTES_PER_WEIGHT / 1e3), 0)));
    }
    return Markdown.table(
        List.of(
            "system",
            "capacity",
            "NDCG@20",
            "Recall@20",
            "against global, %",
            "worst client, %",
            "worst tenth",
            "without a hit, %",
            "table, kB"),
        rows);
  }

  private static double mean(List<Run> all, java.util.function.ToDoubleFunction<Run> value) {
    return all.stream().mapToDouble(value).average().orElse(0);
  }

  private static double[] users(Run run) {
    return Arrays.stream(run.reached()).flatMapToDouble(r -> Arrays.stream(r.users())).toArray();
  }

  private static double worstTenth(Run run) {
    double[] sorted = users(run);
    Arrays.sort(sorted);
    return Arrays.stream(sorted, 0, Math.max(1, sorted.length / 10)).average().orElse(0);
  }

  private static double withoutHit(Run run) {
    double[] users = users(run);
    return (double) Arrays.stream(users).filter(value -> value == 0).count() / users.length;
  }

  private String change(List<Run> all, boolean worst) {
    List<Run> global = runs.get(new Key(GLOBAL, 1));
    double sum = 0;
    for (int s = 0; s < all.size(); s++) {
      Run base = global.get(s);
      double change = all.get(s).ndcg() / base.ndcg() - 1;
      for (int c = 0; c < base.reached().length && worst; c++) {
        change =
            Math.min(
                c == 0 ? Double.POSITIVE_INFINITY : change,
                all.get(s).reached()[c].ndcg() / base.reached()[c].ndcg() - 1);
      }
      sum += change;
    }
    return (sum >= 0 ? "+" : "") + Markdown.number(100 * sum / all.size(), 2);
  }

  private String messages() {
    List<List<String>> rows = new ArrayList<>();
    long global = runs.get(new Key(GLOBAL, 1)).get(0).stored() * BYTES_PER_WEIGHT;
    runs.forEach(
        (key, all) -> {
          List<FederationSummary.Round> records =
              all.stream().flatMap(run -> run.rounds().stream()).toList();
          if (!records.isEmpty()) {
            long largest =
                records.stream().mapToLong(FederationSummary.Round::largestUpdate).max().orElse(0);
            rows.add(
                List.of(
                    key.system(),
                    String.valueOf(key.capacity()),
                    Markdown.number(
                        records.stream()
                                .mapToLong(FederationSummary.Round::bytesReceived)
                                .average()
                                .orElse(0)
                            / 1e3,
                        0),
                    Markdown.number(largest / 1e3, 0),
                    Markdown.number(100.0 * largest / (key.capacity() * global), 0),
                    Markdown.number(
                        records.stream()
                            .mapToDouble(FederationSummary.Round::seconds)
                            .average()
                            .orElse(0),
                        1)));
          }
        });
    return rows.isEmpty()
        ? ""
        : "### Rounds\n\n"
            + Markdown.table(
                List.of(
                    "system",
                    "capacity",
                    "received a round, kB",
                    "largest message, kB",
                    "% of capacity x global table",
                    "s a round"),
                rows);
  }

  private String byClient(List<String> clients) {
    List<String> head = new ArrayList<>(List.of("client", "users measured"));
    List<Key> shown =
        runs.keySet().stream()
            .filter(
                key ->
                    key.system().equals(GLOBAL)
                        || key.system().equals(GATED)
                        || key.system().equals(NEIGHBOURS)
                        || key.system().equals(LOCAL_ONLY))
            .toList();
    shown.forEach(key -> head.add(key.system() + " " + key.capacity()));
    List<List<String>> rows = new ArrayList<>();
    for (int c = 0; c < clients.size(); c++) {
      int client = c;
      List<String> row = new ArrayList<>(List.of(clients.get(c)));
      row.add(String.valueOf(runs.get(new Key(GLOBAL, 1)).get(0).reached()[c].users().length));
      shown.forEach(
          key ->
              row.add(
                  Markdown.number(mean(runs.get(key), run -> run.reached()[client].ndcg()), 4)));
      rows.add(row);
    }
    return Markdown.table(head, rows);
  }

  /** Which clients a model of their own serves better, on average over the seeds that have one. */
  private String alone(List<String> clients) {
    List<Run> local = runs.get(new Key(LOCAL_ONLY, 1));
    if (local == null) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (Map.Entry<Key, List<Run>> entry : runs.entrySet()) {
      if (entry.getKey().system().equals(GATED)) {
        List<String> better = new ArrayList<>();
        for (int c = 0; c < clients.size(); c++) {
          int client = c;
          if (mean(local, run -> run.reached()[client].ndcg())
              > mean(entry.getValue(), run -> run.reached()[client].ndcg())) {
            better.add(clients.get(c));
          }
        }
        text.append("\nBetter off alone than gated at ")
            .append(entry.getKey().capacity())
            .append(": ")
            .append(better.isEmpty() ? "none" : String.join(", ", better))
            .append(".\n");
      }
    }
    return text.toString();
  }

  private static String choices(List<String> clients, Map<Double, List<List<String>>> chosen) {
    List<String> head = new ArrayList<>(List.of("client"));
    chosen.keySet().forEach(capacity -> head.add(String.valueOf(capacity)));
    List<List<String>> rows = new ArrayList<>();
    for (int c = 0; c < clients.size(); c++) {
      List<String> row = new ArrayList<>(List.of(clients.get(c)));
      for (List<List<String>> seeds : chosen.values()) {
        Map<String, Integer> counts = new TreeMap<>();
        for (List<String> seed : seeds) {
          counts.merge(seed.get(c), 1, Integer::sum);
        }
        row.add(
            counts.entrySet().stream()
                .map(
                    count ->
                        count.getKey()
                            + (count.getValue() == seeds.size()
                                ? ""
                                : " (" + count.getValue() + ")"))
                .collect(Collectors.joining("; ")));
      }
      rows.add(row);
    }
    return Markdown.table(head, rows);
  }
}
