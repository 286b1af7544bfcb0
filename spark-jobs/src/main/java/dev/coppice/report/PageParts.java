package dev.coppice.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The HTML that fills the marks of {@code page.html}, by mark. */
final class PageParts {
  private PageParts() {}

  static Map<String, String> of(TrainReport report) {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("title", Html.text(title(report.data(), "Training run")));
    parts.put("subtitle", Html.text(subtitle(report)));
    parts.put("tiles", tiles(report));
    parts.put("remarks", remarks(report));
    parts.put("quality", quality(report));
    parts.put("learning", PageFigures.learning(report));
    parts.put("exploration", PageFigures.exploration(report));
    parts.put("drift", drift(report));
    parts.put("rows", PageFigures.rows(report.rowDistribution()));
    parts.put("dimensions", PageFigures.dimensions(report.dimensions()));
    parts.put("bytes", PageBars.bytes(report.model()));
    parts.put("phases", PageBars.phases(report.seconds()));
    parts.put("configuration", configuration(report));
    parts.put("provenance", PageTables.facts(provenance(report)));
    return parts;
  }

  private static String configuration(TrainReport report) {
    String given = PageTables.facts(PageTables.flat(report.run().configuration()));
    if (report.choices().isEmpty()) {
      return given;
    }
    Map<String, String> chosen = new LinkedHashMap<>();
    report
        .choices()
        .forEach(choice -> chosen.put(choice.name(), choice.value() + ": " + choice.reason()));
    return "<h3>Chosen from the data</h3>\n"
        + PageTables.facts(chosen)
        + "\n<h3>Given, or by default</h3>\n"
        + given;
  }

  /**
   * What the data are called: the name of their directory, or of that around one called data.
   *
   * @param otherwise what to say if they have no name
   */
  static String title(DataFacts data, String otherwise) {
    String[] names = data.path().replaceAll("/+$", "").split("/+", -1);
    int last = names.length - 1;
    if (last > 0 && names[last].equals("data") && !names[last - 1].isEmpty()) {
      last--;
    }
    return names[last].isEmpty() ? otherwise : names[last];
  }

  private static String subtitle(TrainReport report) {
    ModelFacts model = report.model();
    return "rank "
        + People.count(model.rank())
        + " · density "
        + People.percent(model.density())
        + " · "
        + People.many(report.sweeps().size(), "sweep")
        + run(report.run());
  }

  /** The run's name behind other words, if it has one. */
  static String run(RunFacts run) {
    return run.runId().isEmpty() ? "" : " · run " + run.runId();
  }

  private static String tiles(TrainReport report) {
    ModelFacts model = report.model();
    StringBuilder html = new StringBuilder();
    report.metrics().entrySet().stream()
        .limit(2)
        .forEach(
            metric -> {
              double baseline = report.popularity().getOrDefault(metric.getKey(), Double.NaN);
              html.append(tile(metric.getKey(), metric.getValue(), baseline));
            });
    html.append(tile("Model", People.bytes(model.bytes()), PageBars.comparison(model)));
    html.append(
        tile(
            "Weights a row",
            People.tenth((double) model.weights() / (model.users() + model.items())),
            People.roughly(model.weights()) + " in all"));
    html.append(
        tile(
            "Time",
            People.seconds(PageTables.total(report.seconds())),
            report.seconds().containsKey("train")
                ? "training " + People.seconds(report.seconds().get("train"))
                : "all phases"));
    html.append(
        tile(
            "Interactions",
            People.roughly(report.data().interactions()),
            People.roughly(report.data().users())
                + " users"
                + ", "
                + People.roughly(report.data().items())
                + " items"));
    return html.toString();
  }

  /** A metric beside that of the popularity baseline, which is NaN if it was not measured. */
  static String tile(String metric, double value, double popularity) {
    return tile(
        metric,
        People.metric(value),
        Double.isNaN(popularity)
            ? "no baseline measured"
            : "popularity " + People.metric(popularity));
  }

  static String tile(String name, String value, String note) {
    return "<div class=\"tile\"><dt>"
        + Html.text(name)
        + "</dt><dd><strong>"
        + Html.text(value)
        + "</strong><span>"
        + Html.text(note)
        + "</span></dd></div>\n";
  }

  private static String remarks(TrainReport report) {
    return remarks(Remarks.of(report));
  }

  /** Sentences that must not be missed. */
  static String remarks(List<String> remarks) {
    if (remarks.isEmpty()) {
      return "";
    }
    StringBuilder html =
        new StringBuilder("<section class=\"remarks\"><h2>Worth knowing</h2><ul>\n");
    remarks.forEach(remark -> html.append("<li>").append(Html.text(remark)).append("</li>\n"));
    return html.append("</ul></section>").toString();
  }

  private static String quality(TrainReport report) {
    return report.metrics().isEmpty()
        ? PageFigures.empty(
            "No metric was measured in this run. The job <code>evaluate</code> measures them.")
        : "<div class=\"pair\"><div class=\"figure\">"
            + PageTables.quality(report.metrics(), report.popularity())
            + "</div>"
            + PageBars.quality(report.metrics(), report.popularity())
            + "</div>";
  }

  private static String drift(TrainReport report) {
    return report.drift() == null
        ? ""
        : "<section aria-labelledby=\"drift\"><h2 id=\"drift\">Drift from the initial model</h2>\n"
            + PageTables.facts(report.drift().named())
            + "</section>\n";
  }

  private static Map<String, String> provenance(TrainReport report) {
    Map<String, String> facts = provenance(report.data(), report.run());
    facts.put("Kept sweep", report.bestSweep() == 0 ? "–" : String.valueOf(report.bestSweep()));
    return facts;
  }

  /** Where a report comes from. */
  static Map<String, String> provenance(DataFacts data, RunFacts run) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Data set", data.path());
    facts.put("Fingerprint", data.fingerprint());
    facts.put("Users", People.count(data.users()));
    facts.put("Items", People.count(data.items()));
    facts.put("Interactions", People.count(data.interactions()));
    facts.put("Run", run.runId().isEmpty() ? "–" : run.runId());
    facts.put("Seed", String.valueOf(run.seed()));
    facts.put("Coppice", run.version());
    facts.put("Spark", run.spark());
    return facts;
  }
}
