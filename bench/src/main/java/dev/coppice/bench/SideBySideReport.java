package dev.coppice.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the measurements of {@link SideBySide} down. */
final class SideBySideReport {
  private final String command;
  private final Map<String, String> facts;
  private final String data;
  private final int rounds;
  private final int k;
  private final List<Measurement> measured;

  SideBySideReport(
      String command,
      Map<String, String> facts,
      String data,
      int rounds,
      int k,
      List<Measurement> measured) {
    this.command = command;
    this.facts = facts;
    this.data = data;
    this.rounds = rounds;
    this.k = k;
    this.measured = measured;
  }

  /** Returns the section; "times" are against the first MLlib variant, if there is one. */
  String markdown(String heading) {
    Measurement base =
        measured.stream()
            .filter(m -> m.variant.system() == Variant.Trainer.MLLIB)
            .findFirst()
            .orElse(null);
    StringBuilder text = new StringBuilder();
    text.append("## ").append(heading).append("\n\n");
    text.append("`").append(command).append("`\n\n");
    text.append(Markdown.facts(facts)).append(".\n\n");
    text.append("Data: ").append(data).append(".\n");
    text.append(
        "One JVM, the systems in turn, "
            + rounds
            + " round(s) after a warm-up; seconds are the best round's, the median's in"
            + " brackets. \"train\" is all of `fit`; \"top-"
            + k
            + "\" computes the lists of all users, Coppice without the items they have seen, MLlib"
            + " with them. Recall and NDCG are by one evaluation for all, seen items left"
            + " out.\n\n");
    List<List<String>> speed = new ArrayList<>();
    List<List<String>> size = new ArrayList<>();
    List<List<String>> settings = new ArrayList<>();
    for (Measurement m : measured) {
      speed.add(
          List.of(
              m.variant.name(),
              Markdown.number(m.weightsPerRow, 1),
              Markdown.number(m.recall, 4),
              Markdown.number(m.ndcg, 4),
              seconds(m.trainSeconds, m.bestTrain()),
              times(base == null ? 0 : base.bestTrain(), m.bestTrain()),
              seconds(m.recommendSeconds, m.bestRecommend()),
              times(base == null ? 0 : base.bestRecommend(), m.bestRecommend())));
      size.add(
          List.of(
              m.variant.name(),
              Markdown.megabytes(m.tableBytes),
              Markdown.megabytes(m.savedBytes),
              times(base == null ? 0 : (double) base.savedBytes, (double) m.savedBytes),
              m.heapPeak < 0 ? "-" : Markdown.megabytes(m.heapPeak),
              Markdown.megabytes(m.heapAfter),
              Markdown.megabytes(m.trainTraffic.shuffled()),
              Markdown.megabytes(m.trainTraffic.broadcast()),
              Markdown.megabytes(m.recommendTraffic.shuffled()),
              Markdown.megabytes(m.recommendTraffic.broadcast())));
      settings.add(List.of(m.variant.name(), "`" + m.variant.settingsLine() + "`"));
    }
    text.append(
        Markdown.table(
            List.of(
                "system",
                "weights a row",
                "Recall@" + k,
                "NDCG@" + k,
                "train, s",
                "times faster",
                "top-" + k + ", s",
                "times faster"),
            speed));
    text.append("\nMB (10^6 bytes). \"tables\": values, positions and offsets in memory, without");
    text.append(
        " ids; \"saved\": the files of the saved model; \"peak heap\": most live bytes after");
    text.append(" a full collection during a training run of its own, \"held\": those after");
    text.append(" training, both above what was live before; \"shuffled\": bytes written for");
    text.append(" shuffles; \"broadcast\": bytes of broadcast pieces, once each.\n\n");
    text.append(
        Markdown.table(
            List.of(
                "system",
                "tables",
                "saved",
                "times smaller",
                "peak heap",
                "held",
                "shuffled, train",
                "broadcast, train",
                "shuffled, top-" + k,
                "broadcast, top-" + k),
            size));
    text.append("\nSettings; all others are the defaults.\n\n");
    text.append(Markdown.table(List.of("system", "settings"), settings));
    return text.toString();
  }

  private static String seconds(List<Double> all, double best) {
    return Markdown.number(best, 1) + " (" + Markdown.number(Measurement.median(all), 1) + ")";
  }

  private static String times(double base, double value) {
    return base == 0 || value == 0 ? "-" : Markdown.number(base / value, 1);
  }

  /** Returns everything for a JSON file. */
  Map<String, Object> json() {
    List<Map<String, Object>> systems = new ArrayList<>();
    for (Measurement m : measured) {
      Map<String, Object> system = new LinkedHashMap<>();
      system.put("name", m.variant.name());
      system.put("system", m.variant.system().name());
      system.put("settings", m.variant.settings());
      system.put("weightsPerRow", m.weightsPerRow);
      system.put("recall", m.recall);
      system.put("ndcg", m.ndcg);
      system.put("trainSeconds", m.trainSeconds);
      system.put("recommendSeconds", m.recommendSeconds);
      system.put("tableBytes", m.tableBytes);
      system.put("savedBytes", m.savedBytes);
      system.put("heapPeakBytes", m.heapPeak);
      system.put("heapHeldBytes", m.heapAfter);
      system.put("trainShuffledBytes", m.trainTraffic.shuffled());
      system.put("trainBroadcastBytes", m.trainTraffic.broadcast());
      system.put("recommendShuffledBytes", m.recommendTraffic.shuffled());
      system.put("recommendBroadcastBytes", m.recommendTraffic.broadcast());
      systems.add(system);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("command", command);
    all.put("machine", facts);
    all.put("data", data);
    all.put("rounds", rounds);
    all.put("k", k);
    all.put("systems", systems);
    return all;
  }
}
