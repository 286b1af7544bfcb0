package dev.coppice.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/** Bars of plain HTML: sharp on paper and there without JavaScript. */
final class PageBars {
  private PageBars() {}

  /**
   * Accuracy metrics over their values for the popularity baseline; nothing without a baseline.
   *
   * @param metrics of the model by name
   * @param popularity of the baseline
   */
  static String quality(Map<String, Double> metrics, Map<String, Double> popularity) {
    List<String> names =
        metrics.keySet().stream()
            .filter(name -> AccuracyMetrics.contain(name) && popularity.containsKey(name))
            .toList();
    if (names.isEmpty()) {
      return "";
    }
    double widest =
        names.stream()
            .flatMapToDouble(name -> DoubleStream.of(metrics.get(name), popularity.get(name)))
            .filter(Double::isFinite)
            .max()
            .orElse(0);
    StringBuilder html = new StringBuilder("<figure>");
    for (String name : names) {
      double value = metrics.get(name);
      double baseline = popularity.get(name);
      html.append("<div class=\"bar\"><span>")
          .append(Html.text(name))
          .append("</span><span class=\"tracks\" aria-hidden=\"true\">")
          .append(track(share(value, widest, "one")))
          .append(track(share(baseline, widest, "rest")))
          .append("</span><span>")
          .append(People.times(value / baseline))
          .append("</span></div>\n");
    }
    return html.append("<ul class=\"key\"><li class=\"one\">model</li>")
        .append("<li class=\"rest\">popularity</li></ul></figure>")
        .toString();
  }

  /** The model's bytes against those of dense tables. */
  static String bytes(ModelFacts model) {
    double weights = model.parts().stream().mapToDouble(PartBytes::weightBytes).sum();
    double positions = model.parts().stream().mapToDouble(PartBytes::positionBytes).sum();
    double offsets = model.parts().stream().mapToDouble(PartBytes::offsetBytes).sum();
    long exploration = model.parts().stream().mapToLong(PartBytes::explorationBytes).sum();
    double dense = (double) model.denseBytes();
    double widest = Math.max(dense, (double) model.bytes() + exploration);
    StringBuilder html = new StringBuilder("<figure><figcaption><h3>");
    html.append(Html.text(comparison(model))).append("</h3><p>");
    html.append(Html.text(budget(model))).append("</p></figcaption>");
    String table =
        model.parts().isEmpty()
            ? share((double) model.bytes(), widest, "one")
            : share(weights, widest, "one")
                + share(positions, widest, "two")
                + share(offsets, widest, "three");
    html.append(bar("Model", People.bytes(model.bytes()), table));
    if (exploration > 0) {
      html.append(
          bar(
              "In training",
              People.bytes(model.bytes() + exploration),
              table + share((double) exploration, widest, "four")));
    }
    html.append(bar("Dense", People.bytes(model.denseBytes()), share(dense, widest, "rest")));
    if (!model.parts().isEmpty()) {
      html.append(
              "<ul class=\"key\"><li class=\"one\">weights</li><li class=\"two\">positions</li>")
          .append("<li class=\"three\">row offsets</li>")
          .append(exploration > 0 ? "<li class=\"four\">exploration</li>" : "")
          .append("</ul>")
          .append(PageTables.bytes(model));
    }
    return html.append("</figure>").toString();
  }

  /** {@code 12.7× smaller than dense (72.5 MB)}. */
  static String comparison(ModelFacts model) {
    double ratio = (double) model.denseBytes() / model.bytes();
    if (!Double.isFinite(ratio) || ratio == 0) {
      return "Dense: " + People.bytes(model.denseBytes());
    }
    String dense = " dense (" + People.bytes(model.denseBytes()) + ")";
    return ratio >= 1
        ? People.times(ratio) + " smaller than" + dense
        : People.times(1 / ratio) + " the size of" + dense;
  }

  private static String budget(ModelFacts model) {
    return People.many(model.weights(), "weight")
        + " stored, budget "
        + People.count(model.budget())
        + (model.weights() == model.budget() ? ": met exactly." : ".");
  }

  static String phases(Map<String, Double> seconds) {
    if (seconds.isEmpty()) {
      return PageFigures.empty("No phase was timed.");
    }
    double longest =
        seconds.values().stream()
            .filter(Double::isFinite)
            .mapToDouble(Double::doubleValue)
            .max()
            .orElse(0);
    StringBuilder html = new StringBuilder("<figure>");
    seconds.forEach(
        (phase, time) ->
            html.append(bar(phase, People.seconds(time), share(time, longest, "one"))));
    return html.append(PageFigures.values(PageTables.phases(seconds)))
        .append("</figure>")
        .toString();
  }

  private static String bar(String name, String value, String shares) {
    return "<div class=\"bar\"><span>"
        + Html.text(name)
        + "</span><span aria-hidden=\"true\">"
        + track(shares)
        + "</span><span>"
        + Html.text(value)
        + "</span></div>\n";
  }

  private static String track(String shares) {
    return "<span class=\"track\">" + shares + "</span>";
  }

  private static String share(double value, double widest, String style) {
    double width = value / widest * 100;
    return width > 0 && Double.isFinite(width)
        ? String.format(Locale.ROOT, "<i class=\"%s\" style=\"width:%.3f%%\"></i>", style, width)
        : "";
  }
}
