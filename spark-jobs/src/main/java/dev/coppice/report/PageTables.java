package dev.coppice.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** The report page's tables: every chart's values, readable without JavaScript. */
final class PageTables {
  private PageTables() {}

  /**
   * Metrics beside those of the popularity baseline.
   *
   * @param metrics of the model by name
   * @param popularity of the baseline; may be empty
   */
  static String quality(Map<String, Double> metrics, Map<String, Double> popularity) {
    boolean alone = popularity.isEmpty();
    Html.Table table =
        alone
            ? new Html.Table("Metrics of the kept model", "Metric", "Model")
            : new Html.Table("Metrics of the kept model", "Metric", "Model", "Popularity", "Gain");
    metrics.forEach(
        (name, value) -> {
          double baseline = popularity.getOrDefault(name, Double.NaN);
          List<String> cells =
              List.of(
                  People.metric(value),
                  People.metric(baseline),
                  AccuracyMetrics.contain(name) ? People.times(value / baseline) : "–");
          table.row(name, alone ? cells.subList(0, 1) : cells);
        });
    return table.html();
  }

  /** Loss and validation metrics by sweep. */
  static String learning(TrainReport report) {
    Set<String> names = new LinkedHashSet<>();
    report.sweeps().forEach(sweep -> names.addAll(sweep.metrics().keySet()));
    List<String> columns = new ArrayList<>(List.of("Sweep", "Time", "Loss"));
    columns.addAll(names);
    Html.Table table = new Html.Table("Loss and metrics by sweep", columns.toArray(String[]::new));
    for (SweepFacts sweep : report.sweeps()) {
      List<String> cells = new ArrayList<>();
      cells.add(People.seconds(sweep.seconds()));
      cells.add(People.number(sweep.loss()));
      for (String name : names) {
        cells.add(People.metric(sweep.metrics().getOrDefault(name, Double.NaN)));
      }
      boolean best = sweep.sweep() == report.bestSweep();
      table.row(best ? "best" : "", sweep.sweep() + (best ? " (best)" : ""), cells);
    }
    return table.html();
  }

  static String exploration(TrainReport report) {
    Html.Table table =
        new Html.Table(
            "Weights moved by sweep", "Sweep", "Update ratio", "User weights", "Item weights");
    for (SweepFacts sweep : report.sweeps()) {
      table.row(
          String.valueOf(sweep.sweep()),
          List.of(
              People.percent(sweep.updateRatio()),
              People.count(sweep.userMoved()),
              People.count(sweep.itemMoved())));
    }
    return table.html();
  }

  static String rows(String side, List<DegreeBand> bands) {
    Html.Table table =
        new Html.Table(
            "Weights per " + side + " row by degree",
            "Degree",
            "Rows",
            "Mean",
            "10 %",
            "Median",
            "90 %");
    for (DegreeBand band : bands) {
      table.row(
          People.range(band.degreeFrom(), band.degreeTo()),
          List.of(
              People.count(band.rows()),
              People.tenth(band.meanWeights()),
              People.count(band.p10()),
              People.count(band.p50()),
              People.count(band.p90())));
    }
    return table.html();
  }

  /** A summary: one row a dimension would be a table nobody reads. */
  static String dimensions(DimensionUse use) {
    Html.Table table =
        new Html.Table("Weights per dimension", "", "Users", "Items")
            .row("Fewest", both(use, sorted -> People.count(sorted.get(0))))
            .row("Median", both(use, sorted -> People.count(sorted.get((sorted.size() - 1) / 2))))
            .row("Most", both(use, sorted -> People.count(sorted.get(sorted.size() - 1))))
            .row(
                "Unused dimensions",
                both(use, sorted -> People.count(sorted.stream().filter(n -> n == 0).count())))
            .row("Effective dimensions", both(use, sorted -> People.tenth(effective(sorted))));
    return table.html();
  }

  private static List<String> both(DimensionUse use, Function<List<Long>, String> show) {
    List<String> cells = new ArrayList<>();
    for (List<Long> counts : List.of(use.users(), use.items())) {
      cells.add(counts.isEmpty() ? "–" : show.apply(counts.stream().sorted().toList()));
    }
    return cells;
  }

  /**
   * The exponential of the entropy of the shares: {@code rank} when all dimensions hold the same
   * number of weights, 1 when one holds them all.
   */
  static double effective(List<Long> counts) {
    double total = counts.stream().mapToDouble(Long::doubleValue).sum();
    double entropy = 0;
    for (long count : counts) {
      if (count > 0) {
        double share = count / total;
        entropy -= share * Math.log(share);
      }
    }
    return total == 0 ? 0 : Math.exp(entropy);
  }

  static String bytes(ModelFacts model) {
    List<String> columns = new ArrayList<>(List.of("Bytes"));
    model.parts().forEach(part -> columns.add(part.name()));
    columns.add("all");
    return new Html.Table("Byte account", columns.toArray(String[]::new))
        .row("Weights", bytes(model, PartBytes::weightBytes))
        .row("Positions", bytes(model, PartBytes::positionBytes))
        .row("Row offsets", bytes(model, PartBytes::offsetBytes))
        .foot()
        .row("Model", bytes(model, PartBytes::tableBytes))
        .row("plain", "Exploration, while training", bytes(model, PartBytes::explorationBytes))
        .html();
  }

  private static List<String> bytes(ModelFacts model, ToLongFunction<PartBytes> field) {
    List<String> cells = new ArrayList<>();
    model.parts().forEach(part -> cells.add(People.bytes(field.applyAsLong(part))));
    cells.add(People.bytes(model.parts().stream().mapToLong(field).sum()));
    return cells;
  }

  /** The seconds of all phases whose time is known. */
  static double total(Map<String, Double> seconds) {
    return seconds.values().stream().filter(Double::isFinite).mapToDouble(x -> x).sum();
  }

  static String phases(Map<String, Double> seconds) {
    double total = total(seconds);
    Html.Table table = new Html.Table("Time per phase", "Phase", "Time", "Share");
    seconds.forEach(
        (phase, time) ->
            table.row(phase, List.of(People.seconds(time), People.percent(time / total))));
    return table.foot().row("all", List.of(People.seconds(total), "")).html();
  }

  /** Name and value, in one list of definitions. */
  static String facts(Map<String, String> facts) {
    StringBuilder html = new StringBuilder("<dl>\n");
    facts.forEach(
        (name, value) ->
            html.append("<div><dt>")
                .append(Html.text(name))
                .append("</dt><dd>")
                .append(Html.text(value))
                .append("</dd></div>\n"));
    return html.append("</dl>").toString();
  }

  /** Nested settings under dotted names. */
  static Map<String, String> flat(Map<?, ?> settings) {
    Map<String, String> flat = new LinkedHashMap<>();
    flatten("", settings, flat);
    return flat;
  }

  private static void flatten(String prefix, Map<?, ?> settings, Map<String, String> flat) {
    settings.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> nested && !nested.isEmpty()) {
            flatten(prefix + key + ".", nested, flat);
          } else {
            flat.put(prefix + key, String.valueOf(value));
          }
        });
  }
}
