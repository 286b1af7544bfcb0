package dev.coppice.spark.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The HTML that fills the marks of {@code page.html}, by mark. */
final class PageParts {
  private PageParts() {}

  static Map<String, String> of(TrainReport report) {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("title", Html.text(title(report)));
    parts.put("subtitle", Html.text(subtitle(report)));
    parts.put("tiles", tiles(report));
    parts.put("remarks", remarks(report));
    parts.put("quality", quality(report));
    parts.put("learning", learning(report));
    parts.put("exploration", exploration(report));
    parts.put("rows", rows(report));
    parts.put("dimensions", dimensions(report));
    parts.put("bytes", bytes(report.model()));
    parts.put("phases", phases(report));
    parts.put("configuration", PageTables.facts(PageTables.flat(report.run().configuration())));
    parts.put("provenance", PageTables.facts(provenance(report)));
    return parts;
  }

  private static String title(TrainReport report) {
    String path = report.data().path().replaceAll("/+$", "");
    String name = path.substring(path.lastIndexOf('/') + 1);
    return name.isEmpty() ? "Training run" : name;
  }

  private static String subtitle(TrainReport report) {
    ModelFacts model = report.model();
    return "rank "
        + People.count(model.rank())
        + " · density "
        + People.percent(model.density())
        + " · "
        + People.many(report.sweeps().size(), "sweep")
        + " · run "
        + report.run().runId();
  }

  private static String tiles(TrainReport report) {
    ModelFacts model = report.model();
    StringBuilder html = new StringBuilder();
    report.metrics().entrySet().stream()
        .limit(2)
        .forEach(
            metric -> {
              double baseline = report.popularity().getOrDefault(metric.getKey(), Double.NaN);
              html.append(
                  tile(
                      metric.getKey(),
                      People.metric(metric.getValue()),
                      Double.isNaN(baseline)
                          ? "no baseline measured"
                          : "popularity " + People.metric(baseline)));
            });
    html.append(
        tile(
            "Model",
            People.bytes(model.bytes()),
            "dense table " + People.bytes(model.denseBytes()) + ", " + comparison(model)));
    html.append(
        tile(
            "Weights a row",
            People.tenth((double) model.weights() / (model.users() + model.items())),
            People.count(model.weights()) + " in all"));
    double total =
        report.seconds().values().stream().filter(Double::isFinite).mapToDouble(x -> x).sum();
    html.append(
        tile(
            "Time",
            People.seconds(total),
            report.seconds().containsKey("train")
                ? "training " + People.seconds(report.seconds().get("train"))
                : "all phases"));
    html.append(
        tile(
            "Interactions",
            People.count(report.data().interactions()),
            People.many(report.data().users(), "user")
                + ", "
                + People.many(report.data().items(), "item")));
    return html.toString();
  }

  private static String tile(String name, String value, String note) {
    return "<div class=\"tile\"><dt>"
        + Html.text(name)
        + "</dt><dd><strong>"
        + Html.text(value)
        + "</strong><span>"
        + Html.text(note)
        + "</span></dd></div>\n";
  }

  private static String comparison(ModelFacts model) {
    double ratio = (double) model.denseBytes() / model.bytes();
    if (!Double.isFinite(ratio)) {
      return "no bytes used";
    }
    return ratio >= 1
        ? People.times(ratio) + " smaller"
        : People.times(1 / ratio) + " larger than dense";
  }

  private static String remarks(TrainReport report) {
    List<String> remarks = Remarks.of(report);
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
        ? empty("No metric was measured in this run. The job <code>evaluate</code> measures them.")
        : "<div class=\"figure\">" + PageTables.quality(report) + "</div>";
  }

  private static String learning(TrainReport report) {
    if (report.sweeps().isEmpty()) {
      return empty("No sweep was run.");
    }
    StringBuilder html = new StringBuilder("<div class=\"pair\">");
    boolean loss = report.sweeps().stream().anyMatch(sweep -> Double.isFinite(sweep.loss()));
    if (loss) {
      html.append(figure("loss", "Loss by sweep", "Lower is better.", ""));
    }
    boolean metrics = report.sweeps().stream().anyMatch(sweep -> !sweep.metrics().isEmpty());
    if (metrics) {
      html.append(
          figure(
              "metrics",
              "Validation metrics by sweep",
              "The dotted line marks the kept sweep.",
              ""));
    }
    return html.append("</div>").append(values(PageTables.learning(report))).toString();
  }

  private static String exploration(TrainReport report) {
    if (report.sweeps().isEmpty()) {
      return empty("No sweep was run.");
    }
    return figure(
        "moved",
        "Weights moved by exploration",
        "Pruned where they mattered least, regrown where they gain most; the total never changes.",
        PageTables.exploration(report));
  }

  private static String rows(TrainReport report) {
    return "<div class=\"pair\">"
        + rows("user", report.rowDistribution().users())
        + rows("item", report.rowDistribution().items())
        + "</div>";
  }

  private static String rows(String side, List<DegreeBand> bands) {
    return bands.isEmpty()
        ? empty("No " + side + " rows.")
        : figure(
            side + "Rows",
            "Weights per " + side + " row",
            "By the row's degree (observations). The band holds the middle 80 % of rows.",
            PageTables.rows(side, bands));
  }

  private static String dimensions(TrainReport report) {
    DimensionUse use = report.dimensions();
    StringBuilder html = new StringBuilder("<div class=\"pair\">");
    if (!use.users().isEmpty()) {
      html.append(figure("userDimensions", "User weights per dimension", "", ""));
    }
    if (!use.items().isEmpty()) {
      html.append(figure("itemDimensions", "Item weights per dimension", "", ""));
    }
    return html.append("</div><div class=\"figure\">")
        .append(PageTables.dimensions(use))
        .append(
            "<p class=\"note\">Effective dimensions: how many evenly used dimensions would be as"
                + " spread out (exponential of the entropy).</p></div>")
        .toString();
  }

  private static String bytes(ModelFacts model) {
    double weights = model.parts().stream().mapToDouble(PartBytes::weightBytes).sum();
    double positions = model.parts().stream().mapToDouble(PartBytes::positionBytes).sum();
    double offsets = model.parts().stream().mapToDouble(PartBytes::offsetBytes).sum();
    double exploration = model.parts().stream().mapToDouble(PartBytes::explorationBytes).sum();
    double dense = (double) model.denseBytes();
    double widest = Math.max(dense, weights + positions + offsets + exploration);
    String bars =
        bar(
                "This model",
                People.bytes(model.bytes()),
                share(weights, widest, "one")
                    + share(positions, widest, "two")
                    + share(offsets, widest, "three")
                    + share(exploration, widest, "four"))
            + bar("Dense table", People.bytes(model.denseBytes()), share(dense, widest, "rest"));
    String key =
        "<ul class=\"key\"><li class=\"one\">weights</li><li class=\"two\">positions</li><li"
            + " class=\"three\">offsets</li><li class=\"four\">exploration (training"
            + " only)</li></ul>";
    return "<figure><figcaption><h3>"
        + Html.text(capital(comparison(model)))
        + "</h3></figcaption>"
        + bars
        + (model.parts().isEmpty() ? "" : key + PageTables.bytes(model))
        + "</figure>";
  }

  private static String phases(TrainReport report) {
    if (report.seconds().isEmpty()) {
      return empty("No phase was timed.");
    }
    double longest =
        report.seconds().values().stream()
            .filter(Double::isFinite)
            .mapToDouble(x -> x)
            .max()
            .orElse(0);
    StringBuilder html = new StringBuilder("<figure>");
    report
        .seconds()
        .forEach(
            (phase, time) ->
                html.append(bar(phase, People.seconds(time), share(time, longest, "one"))));
    return html.append(values(PageTables.phases(report.seconds()))).append("</figure>").toString();
  }

  /** A bar of plain HTML: sharp on paper and there without JavaScript. */
  private static String bar(String name, String value, String shares) {
    return "<div class=\"bar\"><span>"
        + Html.text(name)
        + "</span><span class=\"track\" aria-hidden=\"true\">"
        + shares
        + "</span><span>"
        + Html.text(value)
        + "</span></div>\n";
  }

  private static String share(double value, double widest, String style) {
    double width = value / widest * 100;
    return width > 0 && Double.isFinite(width)
        ? String.format(Locale.ROOT, "<i class=\"%s\" style=\"width:%.3f%%\"></i>", style, width)
        : "";
  }

  private static String figure(String chart, String title, String note, String table) {
    return "<figure><figcaption><h3>"
        + Html.text(title)
        + "</h3>"
        + (note.isEmpty() ? "" : "<p>" + Html.text(note) + "</p>")
        + "</figcaption><div class=\"chart\" data-chart=\""
        + chart
        + "\" role=\"img\" aria-label=\""
        + Html.text(title)
        + "\"></div>"
        + (table.isEmpty() ? "" : values(table))
        + "</figure>\n";
  }

  private static String values(String table) {
    return "<details><summary>Table of values</summary>" + table + "</details>";
  }

  private static String empty(String html) {
    return "<p class=\"empty\">" + html + "</p>";
  }

  private static Map<String, String> provenance(TrainReport report) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Data set", report.data().path());
    facts.put("Fingerprint", report.data().fingerprint());
    facts.put("Users", People.count(report.data().users()));
    facts.put("Items", People.count(report.data().items()));
    facts.put("Interactions", People.count(report.data().interactions()));
    facts.put("Run", report.run().runId());
    facts.put("Seed", String.valueOf(report.run().seed()));
    facts.put("Kept sweep", report.bestSweep() == 0 ? "–" : String.valueOf(report.bestSweep()));
    facts.put("Coppice", report.run().version());
    facts.put("Spark", report.run().spark());
    return facts;
  }

  private static String capital(String words) {
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }
}
