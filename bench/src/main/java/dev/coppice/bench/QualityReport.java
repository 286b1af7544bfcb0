package dev.coppice.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes what {@link Quality} found.
 *
 * @param command of the run
 * @param facts of the machine
 * @param protocol data set and split
 * @param fingerprint of the prepared data
 * @param metrics by name, the one that orders first
 * @param onTest whether measured on test, else on validation
 * @param sampled whether ranked among given candidates, else among all unseen items
 * @param seeds of the runs
 * @param points best first
 * @param popularity the baseline's metrics
 */
record QualityReport(
    String command,
    Map<String, String> facts,
    Protocol protocol,
    String fingerprint,
    List<String> metrics,
    boolean onTest,
    boolean sampled,
    List<Long> seeds,
    List<Quality.Point> points,
    Map<String, Double> popularity) {

  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("## Quality: ").append(protocol.name());
    text.append(onTest ? "\n\n" : " (validation)\n\n");
    text.append("`").append(command).append("`\n\n");
    text.append(Markdown.facts(facts)).append(".\n\n");
    text.append(onTest ? "Trained on train and validation, measured on test" : "Trained on train");
    text.append(onTest ? ", " : " without validation, measured on validation, ");
    text.append(
        sampled
            ? "each test item ranked among its given negatives"
            : "full ranking over unseen items");
    text.append(seeds.size() > 1 ? "; mean ± standard error over seeds " : "; seed ");
    text.append(String.join(", ", seeds.stream().map(String::valueOf).toList()));
    text.append(". Data: ").append(Markdown.facts(protocol.prepare()));
    text.append("; fingerprint: ").append(fingerprint).append(".\n\n");
    List<String> head = new ArrayList<>(List.of("system and settings", "weights a row"));
    head.addAll(metrics);
    head.add("train, s");
    List<List<String>> rows = new ArrayList<>();
    for (Quality.Point point : points) {
      List<String> row = new ArrayList<>();
      row.add(point.variant().name() + " `" + point.variant().settingsLine() + "`");
      row.add(Markdown.number(point.weightsPerRow(), 1));
      metrics.forEach(metric -> row.add(point.mean(metric).toString()));
      row.add(Markdown.number(MeanError.of(point.seconds()).mean(), 1));
      rows.add(row);
    }
    List<String> baseline = new ArrayList<>(List.of("popularity", "-"));
    metrics.forEach(metric -> baseline.add(Markdown.number(popularity.get(metric), 4)));
    baseline.add("-");
    rows.add(baseline);
    return text.append(Markdown.table(head, rows)).toString();
  }

  Map<String, Object> json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("command", command);
    all.put("machine", facts);
    all.put("protocol", protocol.name());
    all.put("prepare", protocol.prepare());
    all.put("fingerprint", fingerprint);
    all.put("part", onTest ? "test" : "validation");
    all.put("ranking", sampled ? "candidates" : "full");
    all.put("seeds", seeds);
    all.put("popularity", popularity);
    List<Map<String, Object>> systems = new ArrayList<>();
    for (Quality.Point point : points) {
      Map<String, Object> system = new LinkedHashMap<>();
      system.put("system", point.variant().system().name());
      system.put("settings", point.variant().settings());
      system.put("weightsPerRow", point.weightsPerRow());
      system.put("metrics", point.values());
      system.put("trainSeconds", point.seconds());
      systems.add(system);
    }
    all.put("points", systems);
    return all;
  }
}
