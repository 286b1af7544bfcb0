package dev.coppice.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Bytes of the model against quality, all trials: a shape for each family, paler where the rung was
 * smaller, a line along those that no other beats, a ring around the chosen one.
 */
final class TunePicture {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 440;
  private static final int LEFT = 64;
  private static final int RIGHT = 20;
  private static final int TOP = 16;
  private static final int BOTTOM = 44;

  /** So many times the distance of the middle from the best, the axis goes down. */
  private static final double DEPTH = 3;

  private final TuneReport report;
  private final double smallest;
  private final double largest;
  private final double low;
  private final double high;

  private TunePicture(TuneReport report) {
    this.report = report;
    List<TuneReport.Trial> trials =
        report.trials().stream().filter(TuneReport.Trial::succeeded).toList();
    double[] bytes =
        trials.stream()
            .mapToDouble(t -> Math.log10(Math.max(1, (double) t.bytes())))
            .sorted()
            .toArray();
    double[] quality = trials.stream().mapToDouble(TuneReport.Trial::quality).sorted().toArray();
    double margin = 0.05;
    smallest = bytes[0] - margin;
    largest = bytes[bytes.length - 1] + margin;
    double best = quality[quality.length - 1];
    double middle = quality[quality.length / 2];
    double bottom = Math.max(quality[0], best - DEPTH * Math.max(best - middle, 1e-4));
    double air = Math.max(1e-6, 0.06 * (best - bottom));
    low = Math.max(0, bottom - air);
    high = best + air;
  }

  static String of(TuneReport report) {
    return new TunePicture(report).svg();
  }

  private String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        format(
            "<svg role=\"img\" aria-label=\"Bytes of the model against %s, all trials\""
                + " width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n",
            Html.text(report.metric()), WIDTH, HEIGHT, WIDTH, HEIGHT));
    axes(svg);
    if (report.popularity() > low && report.popularity() < high) {
      double y = y(report.popularity());
      svg.append(
          format(
              "<line class=\"popularity\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>\n",
              LEFT, y, WIDTH - RIGHT, y));
    }
    Set<Integer> frontier = new LinkedHashSet<>(report.frontier());
    List<String> corners = new ArrayList<>();
    for (int t : frontier) {
      TuneReport.Trial trial = report.trials().get(t);
      corners.add(format("%.1f,%.1f", x(trial.bytes()), y(trial.quality())));
    }
    svg.append("<polyline class=\"frontier\" points=\"").append(String.join(" ", corners));
    svg.append("\"/>\n");
    for (int t = 0; t < report.trials().size(); t++) {
      if (report.trials().get(t).succeeded()) {
        mark(svg, report.trials().get(t), frontier.contains(t), t == report.chosen());
      }
    }
    svg.append("</svg>\n");
    if (report.trials().stream().anyMatch(t -> t.succeeded() && t.quality() < low)) {
      svg.append("<p class=\"note\">Trials below ").append(People.metric(low));
      svg.append(" are drawn at the lower edge.</p>\n");
    }
    return svg.toString();
  }

  private void axes(StringBuilder svg) {
    int bottom = HEIGHT - BOTTOM;
    for (int step = 0; step <= 4; step++) {
      double value = low + step * (high - low) / 4;
      double y = y(value);
      svg.append(
          format(
              "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>"
                  + "<text x=\"4\" y=\"%.1f\">%.4f</text>\n",
              LEFT, y, WIDTH - RIGHT, y, y + 4, value));
    }
    for (int step = 0; step <= 4; step++) {
      double at = smallest + step * (largest - smallest) / 4;
      double x = LEFT + (double) step * (WIDTH - LEFT - RIGHT) / 4;
      svg.append(
          format(
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>\n",
              x,
              bottom + 18,
              step == 0 ? "start" : step == 4 ? "end" : "middle",
              People.bytes(Math.round(Math.pow(10, at)))));
    }
    svg.append(
        format(
            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">bytes of both tables (logarithmic)"
                + "</text>\n",
            LEFT + (WIDTH - LEFT - RIGHT) / 2, HEIGHT - 6));
  }

  private void mark(StringBuilder svg, TuneReport.Trial trial, boolean frontier, boolean chosen) {
    double x = x(trial.bytes());
    double y = y(trial.quality());
    if (chosen) {
      svg.append(format("<circle class=\"chosen\" cx=\"%.1f\" cy=\"%.1f\" r=\"11\"/>\n", x, y));
    }
    double size = frontier ? 6.5 : 5;
    String style =
        format(
            "class=\"%s%s\" fill-opacity=\"%.2f\"",
            Html.text(trial.family()), frontier ? " edge" : "", 0.2 + 0.6 * trial.share());
    String shape =
        switch (trial.family()) {
          case "hybrid" ->
              format(
                  "<rect %s x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\">",
                  style, x - size, y - size, 2 * size, 2 * size);
          case "items" ->
              format(
                  "<polygon %s points=\"%.1f,%.1f %.1f,%.1f %.1f,%.1f\">",
                  style, x, y - size, x - size, y + size, x + size, y + size);
          default -> format("<circle %s cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\">", style, x, y, size);
        };
    String tag = shape.substring(1, shape.indexOf(' '));
    svg.append(shape)
        .append("<title>")
        .append(
            Html.text(
                format(
                    "candidate %d, rung %d, %s: %.4f, %s",
                    trial.candidate(),
                    trial.rung(),
                    trial.family(),
                    trial.quality(),
                    People.bytes(trial.bytes()))))
        .append("</title></")
        .append(tag)
        .append(">\n");
  }

  private double x(long bytes) {
    double share = (Math.log10(Math.max(1, (double) bytes)) - smallest) / (largest - smallest);
    return LEFT + share * (WIDTH - LEFT - RIGHT);
  }

  private double y(double quality) {
    double share = (Math.max(low, quality) - low) / (high - low);
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
  }

  // Texts are put together from constants.
  @SuppressWarnings({"AnnotateFormatMethod", "FormatStringAnnotation"})
  private static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }
}
