package dev.coppice.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The figures that the page's script draws: a title, a sentence that says what to see, a place for
 * the chart and the table of its values.
 */
final class PageFigures {
  private PageFigures() {}

  static String learning(TrainReport report) {
    List<SweepFacts> sweeps = report.sweeps();
    if (sweeps.isEmpty()) {
      return empty("No sweep was run.");
    }
    StringBuilder html = new StringBuilder("<div class=\"pair\">");
    List<Double> losses = sweeps.stream().map(SweepFacts::loss).filter(Double::isFinite).toList();
    if (!losses.isEmpty()) {
      html.append(
          figure(
              "loss",
              "Loss by sweep",
              "Lower is better: "
                  + (losses.size() == 1
                      ? People.number(losses.get(0)) + "."
                      : "from "
                          + People.number(losses.get(0))
                          + " to "
                          + People.number(losses.get(losses.size() - 1))
                          + "."),
              ""));
    }
    if (sweeps.stream().anyMatch(sweep -> !sweep.metrics().isEmpty())) {
      html.append(
          figure(
              "metrics",
              "Validation metrics by sweep",
              report.bestSweep() > 0
                  ? "The model of sweep " + report.bestSweep() + " was kept (dotted line)."
                  : "Higher is better.",
              ""));
    }
    return html.append("</div>").append(values(PageTables.learning(report))).toString();
  }

  static String exploration(TrainReport report) {
    if (report.sweeps().isEmpty()) {
      return empty("No sweep was run.");
    }
    long moved =
        report.sweeps().stream().mapToLong(sweep -> sweep.userMoved() + sweep.itemMoved()).sum();
    if (moved == 0) {
      return empty("No weight was moved: the positions stayed as they were at the start.");
    }
    return figure(
        "moved",
        "Weights moved by exploration",
        "Pruned where they mattered least, regrown where they gain most: "
            + People.many(moved, "move")
            + " in all, "
            + People.tenth((double) moved / report.model().budget())
            + " for each weight of the budget.",
        PageTables.exploration(report));
  }

  static String rows(RowDistribution rows) {
    return "<div class=\"pair\">"
        + rows("user", rows.users())
        + rows("item", rows.items())
        + "</div>";
  }

  private static String rows(String side, List<DegreeBand> bands) {
    return bands.isEmpty()
        ? empty("No " + side + " rows.")
        : figure(
            side + "Rows",
            "Weights per " + side + " row",
            "By the row's degree (its observations). Below: how many rows.",
            PageTables.rows(side, bands));
  }

  static String dimensions(DimensionUse use) {
    return "<div class=\"pair\">"
        + dimensions("user", use.users())
        + dimensions("item", use.items())
        + "</div>"
        + (use.users().isEmpty() && use.items().isEmpty() ? "" : dimensionValues(use))
        + (use.strongest().isEmpty() ? "" : strongest(use.strongest()));
  }

  private static String strongest(List<DimensionTop> dimensions) {
    Map<String, String> facts = new LinkedHashMap<>();
    for (DimensionTop one : dimensions) {
      facts.put(
          "Dimension " + one.dimension() + ", strength " + People.number(one.strength()),
          one.items().stream().map(PageFigures::item).collect(Collectors.joining(" · ")));
    }
    return "<details><summary>What the strongest dimensions stand for</summary>"
        + "<p class=\"note\">The items of the largest weights in each, with the sign of the weight."
        + " Strength: root of the sum of squared item weights times that of the users.</p>"
        + PageTables.facts(facts)
        + "</details>";
  }

  private static String item(DimensionTop.Item item) {
    return (item.weight() < 0 ? "− " : "+ ") + (item.title().isEmpty() ? item.id() : item.title());
  }

  private static String dimensionValues(DimensionUse use) {
    return values(
        PageTables.dimensions(use)
            + "<p class=\"note\">Effective dimensions: as many evenly used ones would be as"
            + " spread out (exponential of the entropy).</p>");
  }

  private static String dimensions(String side, List<Long> counts) {
    boolean none = counts.stream().allMatch(count -> count == 0);
    return none
        ? empty("No " + side + " weights.")
        : figure(
            side + "Dimensions",
            side.equals("user") ? "User weights per dimension" : "Item weights per dimension",
            People.tenth(PageTables.effective(counts))
                + " effective dimensions of "
                + People.count(counts.size())
                + ". Dashed: an even share.",
            "");
  }

  private static String figure(String chart, String title, String note, String table) {
    return "<figure><figcaption><h3>"
        + Html.text(title)
        + "</h3><p>"
        + Html.text(note)
        + "</p></figcaption><div class=\"chart\" data-chart=\""
        + chart
        + "\" role=\"img\" aria-label=\""
        + Html.text("Chart: " + title + ". " + note)
        + "\"></div>"
        + (table.isEmpty() ? "" : values(table))
        + "</figure>\n";
  }

  /** A table that is folded away until it is asked for. */
  static String values(String table) {
    return "<details><summary>Table of values</summary>" + table + "</details>";
  }

  /** A sentence in the place of a figure that would be empty. */
  static String empty(String html) {
    return "<p class=\"empty\">" + html + "</p>";
  }
}
