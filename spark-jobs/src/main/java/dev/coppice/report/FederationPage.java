package dev.coppice.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code report.html} of a federation: one file, nothing fetched. */
final class FederationPage {
  /** Rows of the figures at most; metrics.json has them all. */
  private static final int MOST = 60;

  /** So many columns can be told apart one by one. */
  private static final int MOST_COLUMNS = 16;

  private FederationPage() {}

  static String render(FederationReport report) {
    List<FederationReport.Client> shown =
        report.clients().subList(0, Math.min(MOST, report.clients().size()));
    String subtitle =
        String.format(
            Locale.ROOT,
            "%s: %,d clients, %,d weights in the global item table, %s, measured on: %s.%s",
            report.data().path(),
            report.clients().size(),
            report.globalWeights(),
            report.hasNeighbours()
                ? "neighbours of items"
                : String.format(
                    Locale.ROOT,
                    "%,d x %,d blocks, %s",
                    report.buckets(),
                    report.dimGroups(),
                    People.many(report.rounds().size(), "round")),
            report.part(),
            shown.size() < report.clients().size()
                ? " The first " + shown.size() + " clients are shown."
                : "");
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("title", Html.text(PageParts.title(report.data(), "Federation")));
    parts.put("style", ReportPage.resource("page.css"));
    parts.put("subtitle", Html.text(subtitle));
    parts.put("tiles", tiles(report));
    parts.put(
        "clients",
        clients(shown, report.globalWeights())
            + weights(shown)
            + report
                .betterAlone()
                .map(text -> "<p class=\"note\">" + Html.text(text) + "</p>")
                .orElse(""));
    String none = PageFigures.empty("Clients with neighbours keep no blocks.");
    parts.put(
        "heat", report.hasNeighbours() ? none : heat(shown, report.buckets(), report.dimGroups()));
    parts.put("similarity", report.hasNeighbours() ? none : similarity(shown));
    parts.put("rounds", rounds(report.rounds()));
    parts.put("phases", PageBars.phases(report.seconds()));
    parts.put("configuration", PageTables.facts(PageTables.flat(report.run().configuration())));
    return ReportPage.fill(ReportPage.resource("federation.html"), parts);
  }

  private static String shortened(String name) {
    int end = name.offsetByCodePoints(0, Math.min(24, name.codePointCount(0, name.length())));
    return end < name.length() ? name.substring(0, end) + "…" : name;
  }

  /** The means over all clients that were measured, each counted once. */
  private static String tiles(FederationReport report) {
    List<FederationReport.Client> measured =
        report.clients().stream().filter(client -> Double.isFinite(client.localNdcg())).toList();
    StringBuilder html = new StringBuilder();
    if (!measured.isEmpty()) {
      double pruned = mean(measured, FederationReport.Client::prunedNdcg);
      double global = mean(measured, FederationReport.Client::ownItemsNdcg);
      html.append(
          PageParts.tile(
              "NDCG@20, mean of clients",
              metric(mean(measured, FederationReport.Client::localNdcg)),
              (Double.isFinite(pruned) ? "same bytes, pruned " + metric(pruned) + "; " : "")
                  + "global, own items "
                  + metric(global)));
      double alone = mean(measured, FederationReport.Client::aloneNdcg);
      if (Double.isFinite(alone)) {
        html.append(
            PageParts.tile(
                "Trained alone",
                metric(alone),
                "NDCG@20, mean; "
                    + measured.stream()
                        .filter(client -> client.aloneNdcg() > client.localNdcg())
                        .count()
                    + " of "
                    + People.many(measured.size(), "client")
                    + " better off so"));
      }
    }
    html.append(
        PageParts.tile(
            "Clients",
            People.count(report.clients().size()),
            People.count(report.clients().stream().filter(FederationReport.Client::joined).count())
                + " of them joined later"));
    html.append(
        PageParts.tile(
            "Weights kept, mean",
            People.percent(
                report.clients().stream()
                    .mapToDouble(one -> (double) one.itemWeights() / report.globalWeights())
                    .average()
                    .orElse(Double.NaN)),
            "of " + People.roughly(report.globalWeights()) + " in the global table"));
    html.append(
        PageParts.tile(
            "Bytes received",
            People.bytes(
                report.rounds().stream().mapToLong(FederationReport.Round::bytesReceived).sum()
                    + report.clients().stream()
                        .mapToLong(FederationReport.Client::sentBytes)
                        .sum()),
            report.hasNeighbours()
                ? "sums of pairs of items, once"
                : "in " + People.many(report.rounds().size(), "round")));
    html.append(
        PageParts.tile("Time", People.seconds(PageTables.total(report.seconds())), "all phases"));
    return html.toString();
  }

  private static double mean(
      List<FederationReport.Client> clients, ToDoubleFunction<FederationReport.Client> figure) {
    return clients.stream().mapToDouble(figure).average().orElse(Double.NaN);
  }

  private static String clients(List<FederationReport.Client> clients, long globalWeights) {
    Html.Table table =
        new Html.Table(
            "Clients",
            "Client",
            "Users",
            "Interactions",
            "Capacity",
            "Kept",
            "Bytes",
            "NDCG@20",
            "NDCG@20, same bytes",
            "Change",
            "NDCG@20, alone",
            "NDCG@20, global, own items",
            "NDCG@20, global",
            "Recall@20",
            "Recall@20, same bytes",
            "Recall@20, alone",
            "Recall@20, global");
    for (FederationReport.Client client : clients) {
      double change = 100 * (client.localNdcg() / client.prunedNdcg() - 1);
      table.row(
          shortened(client.name()) + (client.joined() ? " (joined)" : ""),
          List.of(
              People.count(client.users()),
              People.count(client.interactions()),
              String.valueOf(client.capacity()),
              People.percent((double) client.itemWeights() / globalWeights),
              People.count(client.bytes()),
              metric(client.localNdcg()),
              metric(client.prunedNdcg()),
              Double.isFinite(change) ? String.format(Locale.ROOT, "%+.1f %%", change) : "–",
              metric(client.aloneNdcg()),
              metric(client.ownItemsNdcg()),
              metric(client.globalNdcg()),
              metric(client.localRecall()),
              metric(client.prunedRecall()),
              metric(client.aloneRecall()),
              metric(client.globalRecall())));
    }
    return "<div class=\"figure\"><p class=\"note\">Same bytes: the global table pruned by"
        + " magnitude to what the client may hold, and trained by it as long; change is"
        + " against that. Alone: trained on the client's interactions only. Global, own"
        + " items: the global model ranking what the client itself has, as its own model"
        + " does; global: ranking everybody's.</p>"
        + table.html()
        + "</div>";
  }

  /** What each client made of what the others sent; nothing where there are no neighbours. */
  private static String weights(List<FederationReport.Client> clients) {
    Html.Table table =
        new Html.Table("Pairs of items", "Client", "Sent, bytes", "Weight of the others' pairs");
    int told = 0;
    for (FederationReport.Client client : clients) {
      if (Double.isFinite(client.othersWeight())) {
        told++;
        table.row(
            shortened(client.name()),
            List.of(People.count(client.sentBytes()), String.valueOf(client.othersWeight())));
      }
    }
    return told == 0 ? "" : "<div class=\"figure\">" + table.html() + "</div>";
  }

  private static String metric(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : "–";
  }

  private static String heat(List<FederationReport.Client> clients, int buckets, int groups) {
    int columns = Math.min(buckets, 120);
    StringBuilder html = new StringBuilder();
    for (FederationReport.Client client : clients) {
      double[] shares = new double[columns];
      for (int column = 0; column < columns; column++) {
        int first = (int) ((long) column * buckets / columns) * groups;
        int last = (int) ((column + 1L) * buckets / columns) * groups;
        int kept = 0;
        for (int block = first; block < last; block++) {
          kept += client.kept()[block] ? 1 : 0;
        }
        shares[column] = (double) kept / Math.max(1, last - first);
      }
      html.append(strip(client.name(), shares));
    }
    return html.toString();
  }

  private static String similarity(List<FederationReport.Client> clients) {
    StringBuilder html = new StringBuilder();
    for (FederationReport.Client one : clients) {
      html.append(
          strip(
              one.name(),
              clients.stream().mapToDouble(other -> shared(one.kept(), other.kept())).toArray()));
    }
    if (clients.size() > MOST_COLUMNS) {
      return html.toString();
    }
    Html.Table table =
        new Html.Table(
            "Shared blocks",
            Stream.concat(Stream.of("Client"), clients.stream().map(one -> shortened(one.name())))
                .toArray(String[]::new));
    for (FederationReport.Client one : clients) {
      table.row(
          shortened(one.name()),
          clients.stream()
              .map(other -> String.format(Locale.ROOT, "%.2f", shared(one.kept(), other.kept())))
              .toList());
    }
    return html + PageFigures.values(table.html());
  }

  /** A name and cells beside it, as wide as the page allows: no text is in the picture. */
  private static String strip(String name, double... shares) {
    StringBuilder svg =
        new StringBuilder("<div class=\"strip\"><span>")
            .append(Html.text(shortened(name)))
            .append("</span><svg aria-hidden=\"true\" preserveAspectRatio=\"none\" viewBox=\"0 0 ")
            .append(shares.length)
            .append(" 1\">");
    for (int column = 0; column < shares.length; column++) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%d\" width=\"%s\" height=\"1\" fill-opacity=\"%.3f\"/>",
              column,
              shares.length > MOST_COLUMNS ? "1.02" : ".96",
              shares[column]));
    }
    return svg.append("</svg></div>\n").toString();
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

  private static String rounds(List<FederationReport.Round> rounds) {
    if (rounds.isEmpty()) {
      return PageFigures.empty("There was no round.");
    }
    Html.Table table =
        new Html.Table(
            "Rounds",
            "Round",
            "Time",
            "Asked",
            "Answered",
            "Bytes received",
            "Largest update",
            "Failed twice");
    for (FederationReport.Round round : rounds) {
      table.row(
          String.valueOf(round.round()),
          List.of(
              People.seconds(round.seconds()),
              People.count(round.asked().size()),
              People.count(round.answered().size()),
              People.count(round.bytesReceived()),
              People.count(round.largestUpdate()),
              round.failures().entrySet().stream()
                  .map(one -> shortened(one.getKey()) + ": " + one.getValue())
                  .collect(Collectors.joining(" "))));
    }
    return "<div class=\"figure\">" + table.html() + "</div>";
  }
}
