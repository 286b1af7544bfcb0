package dev.coppice.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a search for settings tells.
 *
 * @param run what was run
 * @param data what was learnt from
 * @param seconds by phase
 * @param metric what was looked at, on the validation part
 * @param popularity the metric of the most popular items; NaN if it was not measured
 * @param searched names of the settings that were searched
 * @param trials in the order of the search
 * @param chosen index of the trial whose settings were chosen
 */
public record TuneReport(
    RunFacts run,
    DataFacts data,
    Map<String, Double> seconds,
    String metric,
    double popularity,
    List<String> searched,
    List<Trial> trials,
    int chosen) {
  private static final String JOB = "tune";

  /** Copies lists and maps. */
  public TuneReport {
    seconds = Json.ordered(seconds);
    searched = List.copyOf(searched);
    trials = List.copyOf(trials);
  }

  /**
   * A trial.
   *
   * @param candidate number of its settings
   * @param origin where they come from: defaults, rule of thumb or drawn
   * @param family latent, hybrid or items
   * @param rung from 1
   * @param share of the full size
   * @param settings by name
   * @param quality the metric; NaN if the trial failed
   * @param bytes of the model's two tables
   * @param seconds that it took
   * @param failure why it failed; empty if it did not
   */
  public record Trial(
      int candidate,
      String origin,
      String family,
      int rung,
      double share,
      Map<String, String> settings,
      double quality,
      long bytes,
      double seconds,
      String failure) {

    /** Copies the map. */
    public Trial {
      settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /** Whether there is a model to tell of. */
    public boolean succeeded() {
      return failure.isEmpty();
    }
  }

  /** The trial whose settings were chosen. */
  public Trial best() {
    return trials.get(chosen);
  }

  /** How many trials failed. */
  public long failed() {
    return trials.stream().filter(trial -> !trial.succeeded()).count();
  }

  /**
   * Indices of the trials that no other trial beats: none of as few bytes is as good. By ascending
   * bytes, and so by ascending quality.
   */
  public List<Integer> frontier() {
    List<Integer> bySize = new ArrayList<>();
    for (int t = 0; t < trials.size(); t++) {
      if (trials.get(t).succeeded()) {
        bySize.add(t);
      }
    }
    bySize.sort(
        Comparator.comparingLong((Integer t) -> trials.get(t).bytes())
            .thenComparingDouble(t -> -trials.get(t).quality()));
    List<Integer> frontier = new ArrayList<>();
    double best = Double.NEGATIVE_INFINITY;
    for (int t : bySize) {
      if (trials.get(t).quality() > best) {
        best = trials.get(t).quality();
        frontier.add(t);
      }
    }
    return frontier;
  }

  /** The text of {@code metrics.json}. */
  public String toJson() {
    Set<Integer> frontier = new LinkedHashSet<>(frontier());
    ObjectNode node = Json.object().put("job", JOB);
    run.writeTo(node);
    node.set("data", data.toJson());
    node.set("seconds", Json.numbers(seconds));
    node.put("metric", metric);
    node.set("popularity", Json.number(popularity));
    node.put("failed", failed());
    node.set("chosen", json(best(), frontier.contains(chosen)));
    List<ObjectNode> all = new ArrayList<>();
    for (int t = 0; t < trials.size(); t++) {
      all.add(json(trials.get(t), frontier.contains(t)));
    }
    node.set("trials", Json.list(all, each -> each));
    return Json.write(node);
  }

  /** The trials alone, for a report on the model that came of them. */
  ObjectNode pointsJson() {
    ObjectNode node = Json.object().put("metric", metric);
    node.set("popularity", Json.number(popularity));
    node.set(
        "trials",
        Json.list(
            IntStream.range(0, trials.size()).boxed().toList(),
            t -> json(trials.get(t), frontier().contains(t)).put("chosen", t == chosen)));
    return node;
  }

  /**
   * Reads what {@link #toJson} wrote, as far as a picture of the search needs it.
   *
   * @return empty if the text is the JSON of something else, or no JSON
   */
  public static Optional<TuneReport> parse(String json) {
    JsonNode root;
    try {
      root = new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
    if (!root.path("job").asText("").equals(JOB) || root.path("trials").isEmpty()) {
      return Optional.empty();
    }
    List<Trial> trials = new ArrayList<>();
    int chosen = 0;
    JsonNode best = root.path("chosen");
    for (JsonNode node : root.path("trials")) {
      if (node.path("candidate").equals(best.path("candidate"))
          && node.path("rung").equals(best.path("rung"))) {
        chosen = trials.size();
      }
      Map<String, String> settings = new LinkedHashMap<>();
      JsonNode given = node.path("settings");
      given.fieldNames().forEachRemaining(name -> settings.put(name, given.path(name).asText()));
      trials.add(
          new Trial(
              node.path("candidate").asInt(),
              node.path("origin").asText(""),
              node.path("family").asText(""),
              node.path("rung").asInt(),
              node.path("share").asDouble(),
              settings,
              node.path("quality").asDouble(Double.NaN),
              node.path("bytes").asLong(),
              node.path("seconds").asDouble(),
              node.path("failure").asText("")));
    }
    if (!trials.get(chosen).succeeded()) {
      return Optional.empty();
    }
    return Optional.of(
        new TuneReport(
            new RunFacts("", "", "", 0, Map.of()),
            new DataFacts("", "", 0, 0, 0),
            Map.of(),
            root.path("metric").asText(""),
            root.path("popularity").asDouble(Double.NaN),
            List.of(),
            trials,
            chosen));
  }

  private static ObjectNode json(Trial trial, boolean frontier) {
    ObjectNode node =
        Json.object()
            .put("candidate", trial.candidate())
            .put("origin", trial.origin())
            .put("family", trial.family())
            .put("rung", trial.rung());
    node.set("share", Json.number(trial.share()));
    node.set("quality", Json.number(trial.quality()));
    node.put("bytes", trial.bytes());
    node.set("seconds", Json.number(trial.seconds()));
    node.put("frontier", frontier).put("failure", trial.failure());
    node.set("settings", Json.tree(trial.settings()));
    return node;
  }

  /** The text of {@code trials.csv}, one trial a line, by RFC 4180 but for the line ends. */
  public String toCsv() {
    Set<Integer> frontier = new LinkedHashSet<>(frontier());
    StringBuilder text = new StringBuilder();
    line(
        text,
        Stream.concat(
            Stream.of(
                "candidate",
                "origin",
                "family",
                "rung",
                "share",
                metric,
                "bytes",
                "seconds",
                "frontier",
                "chosen",
                "failure"),
            searched.stream()));
    for (int t = 0; t < trials.size(); t++) {
      Trial trial = trials.get(t);
      line(
          text,
          Stream.concat(
              Stream.of(
                  String.valueOf(trial.candidate()),
                  trial.origin(),
                  trial.family(),
                  String.valueOf(trial.rung()),
                  String.valueOf(trial.share()),
                  trial.succeeded() ? String.valueOf(trial.quality()) : "",
                  trial.succeeded() ? String.valueOf(trial.bytes()) : "",
                  String.format(Locale.ROOT, "%.3f", trial.seconds()),
                  String.valueOf(frontier.contains(t)),
                  String.valueOf(t == chosen),
                  trial.failure()),
              searched.stream().map(name -> trial.settings().getOrDefault(name, ""))));
    }
    return text.toString();
  }

  private static void line(StringBuilder text, Stream<String> cells) {
    text.append(cells.map(TuneReport::cell).collect(Collectors.joining(","))).append('\n');
  }

  private static String cell(String value) {
    boolean plain = value.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? value : "\"" + value.replace("\"", "\"\"") + "\"";
  }
}
