package dev.coppice.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code report.html} of a federation: one file, nothing fetched. */
final class FederationPage {
  /** Rows of the figures at most; metrics.json has them all. */
  private static final int MOST = 60;

  private static final int WIDTH = 900;
  private static final int LABEL = 150;
  private static final int LINE = 20;

  private FederationPage() {}

  static String render(FederationReport report) {
    List<FederationReport.Client> shown =
        report.clients().subList(0, Math.min(MOST, report.clients().size()));
    String subtitle =
        String.format(
            Locale.ROOT,
            "%s: %,d clients, %,d weights in the global item table, %,d x %,d blocks, %,d rounds,"
                + " measured on: %s.%s",
            report.data().path(),
            report.clients().size(),
            report.globalWeights(),
            report.buckets(),
            report.dimGroups(),
            report.rounds().size(),
            report.part(),
            shown.size() < report.clients().size()
                ? " The first " + shown.size() + " clients are shown."
                : "");
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("title", Html.text(PageParts.title(report.data())));
    parts.put("style", ReportPage.resource("page.css"));
    parts.put("subtitle", Html.text(subtitle));
    parts.put("clients", clients(shown, report.globalWeights(), report.betterAlone()));
    parts.put("heat", heat(shown, report.buckets(), report.dimGroups()));
    parts.put("similarity", similarity(shown));
    parts.put("rounds", rounds(report.rounds()));
    parts.put("phases", PageBars.phases(report.seconds()));
    parts.put("configuration", PageTables.facts(PageTables.flat(report.run().configuration())));
    return ReportPage.fill(ReportPage.resource("federation.html"), parts);
  }

  private static String name(String name) {
    int end = name.offsetByCodePoints(0, Math.min(24, name.codePointCount(0, name.length())));
    return Html.text(end < name.length() ? name.substring(0, end) + "…" : name);
  }

  private static String clients(
      List<FederationReport.Client> clients, long globalWeights, Optional<String> better) {
    StringBuilder html =
        new StringBuilder(
            "<div class=\"scroll\"><table><tr><th>client</th><th>users</th><th>interactions</th><th>capacity</th><th>kept</th><th>bytes</th><th>NDCG@20</th><th>global</th><th>change</th><th>alone</th><th>Recall@20</th><th>global</th><th>alone</th></tr>\n");
    for (FederationReport.Client client : clients) {
      double change = 100 * (client.localNdcg() / client.globalNdcg() - 1);
      html.append("<tr><td>").append(name(client.name()));
      html.append(client.joined() ? " (joined)" : "").append("</td>");
      html.append(
          String.format(
              Locale.ROOT,
              "<td>%,d</td><td>%,d</td><td>%s</td><td>%.1f %%</td><td>%,d</td>",
              client.users(),
              client.interactions(),
              client.capacity(),
              100.0 * client.itemWeights() / globalWeights,
              client.bytes()));
      for (String cell :
          List.of(
              metric(client.localNdcg()),
              metric(client.globalNdcg()),
              Double.isFinite(change) ? String.format(Locale.ROOT, "%+.1f %%", change) : "–",
              metric(client.aloneNdcg()),
              metric(client.localRecall()),
              metric(client.globalRecall()),
              metric(client.aloneRecall()))) {
        html.append("<td>").append(cell).append("</td>");
      }
      html.append("</tr>\n");
    }
    html.append("</table></div>\n");
    better.ifPresent(text -> html.append("<p>").append(Html.text(text)).append("</p>\n"));
    return html.toString();
  }

  private static String metric(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : "–";
  }

  private static String heat(List<FederationReport.Client> clients, int buckets, int groups) {
    int columns = Math.min(buckets, 120);
    StringBuilder svg = begin(clients.size());
    double width = (double) (WIDTH - LABEL) / columns;
    for (int c = 0; c < clients.size(); c++) {
      label(svg, clients.get(c).name(), c);
      for (int column = 0; column < columns; column++) {
        int first = (int) ((long) column * buckets / columns) * groups;
        int last = (int) ((column + 1L) * buckets / columns) * groups;
        int kept = 0;
        for (int block = first; block < last; block++) {
          kept += clients.get(c).kept()[block] ? 1 : 0;
        }
        cell(svg, LABEL + column * width, c, width, (double) kept / Math.max(1, last - first));
      }
    }
    return svg.append("</svg>\n").toString();
  }

  private static String similarity(List<FederationReport.Client> clients) {
    StringBuilder svg = begin(clients.size());
    double width = Math.min(60, (double) (WIDTH - LABEL) / Math.max(1, clients.size()));
    for (int a = 0; a < clients.size(); a++) {
      label(svg, clients.get(a).name(), a);
      for (int b = 0; b < clients.size(); b++) {
        double share = shared(clients.get(a).kept(), clients.get(b).kept());
        // Paler than the blocks, as figures stand on it.
        cell(svg, LABEL + b * width, a, width, 0.6 * share);
        if (width >= 30) {
          svg.append(
              String.format(
                  Locale.ROOT,
                  "<text x=\"%.1f\" y=\"%d\">%.2f</text>",
                  LABEL + b * width + width / 2 - 12,
                  a * LINE + 14,
                  share));
        }
      }
    }
    return svg.append("</svg>\n").toString();
  }

  static double shared(boolean[] one, boolean[] other) {
    int both = 0;
    int either = 0;
    for (int block = 0; block < one.length; block++) {
      both += one[block] && other[block] ? 1 : 0;
      either += one[block] || other[block] ? 1 : 0;
    }
    return either == 0 ? 1 : (double) both / either;
  }

  private static StringBuilder begin(int lines) {
    return new StringBuilder(
        String.format(
            Locale.ROOT,
            "<svg role=\"img\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n",
            WIDTH,
            lines * LINE,
            WIDTH,
            lines * LINE));
  }

  private static void label(StringBuilder svg, String name, int line) {
    svg.append("<text x=\"0\" y=\"").append(line * LINE + 14).append("\">");
    svg.append(name(name)).append("</text>\n");
  }

  private static void cell(StringBuilder svg, double x, int line, double width, double share) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\" fill-opacity=\"%.3f\"/>",
            x,
            line * LINE,
            width,
            LINE - 2,
            share));
  }

  private static String rounds(List<FederationReport.Round> rounds) {
    StringBuilder html =
        new StringBuilder(
            "<div class=\"scroll\"><table><tr><th>round</th><th>seconds</th><th>asked</th>"
                + "<th>answered</th><th>bytes received</th><th>largest</th><th>failed twice</th>"
                + "</tr>\n");
    for (FederationReport.Round round : rounds) {
      html.append(
          String.format(
              Locale.ROOT,
              "<tr><td>%d</td><td>%.1f</td><td>%,d</td><td>%,d</td><td>%,d</td><td>%,d</td><td>",
              round.round(),
              round.seconds(),
              round.asked().size(),
              round.answered().size(),
              round.bytesReceived(),
              round.largestUpdate()));
      round
          .failures()
          .forEach((name, why) -> html.append(name(name)).append(": ").append(why).append(' '));
      html.append("</td></tr>\n");
    }
    return html.append("</table></div>\n").toString();
  }
}
