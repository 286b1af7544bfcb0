package dev.coppice.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code report.html} of an evaluation: one file, nothing fetched, no script. */
final class EvaluationPage {
  /** What the figures for parts of the users are told in, if it was measured. */
  private static final String USUAL = "ndcg@20";

  private final EvaluationReport report;
  private final EvaluationDetails details;
  private final String metric;

  private EvaluationPage(EvaluationReport report) {
    this.report = report;
    details = report.details();
    metric =
        report.metrics().containsKey(USUAL)
            ? USUAL
            : report.metrics().keySet().stream()
                .filter(AccuracyMetrics::contain)
                .findFirst()
                .orElse("");
  }

  /**
   * The page as text, to be written as UTF-8.
   *
   * @param report has details
   */
  static String render(EvaluationReport report) {
    return new EvaluationPage(report).page();
  }

  private String page() {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("title", Html.text(PageParts.title(report.data(), "Evaluation")));
    parts.put("style", ReportPage.resource("page.css"));
    parts.put("pictureStyle", ReportPage.resource("picture.css"));
    parts.put("subtitle", Html.text(subtitle()));
    parts.put("tiles", tiles());
    parts.put("remarks", PageParts.remarks(remarks()));
    parts.put("beside", details.beside() == null && details.gate() == null ? "" : beside());
    parts.put("quality", quality());
    parts.put("users", users());
    parts.put("items", items());
    parts.put("examples", details.examples().isEmpty() ? "" : examples());
    parts.put("tuned", details.tuned() == null ? "" : tuned(details.tuned()));
    parts.put("bytes", PageBars.bytes(report.model()));
    parts.put("configuration", PageTables.facts(PageTables.flat(report.run().configuration())));
    parts.put("provenance", PageTables.facts(PageParts.provenance(report.data(), report.run())));
    return ReportPage.fill(ReportPage.resource("evaluation.html"), parts);
  }

  /** The run of the other model, or its directory's name; metrics.json has the whole path. */
  private String besideName() {
    String name = details.beside().name().replaceAll("/+$", "");
    return name.substring(name.lastIndexOf('/') + 1);
  }

  private String subtitle() {
    return "Measured on the "
        + details.part()
        + " part: "
        + People.many(report.users(), "user")
        + ", "
        + People.many(report.data().interactions(), "held-out interaction")
        + PageParts.run(report.run());
  }

  private String tiles() {
    StringBuilder html = new StringBuilder();
    for (String name : headline()) {
      double baseline = report.popularity().getOrDefault(name, Double.NaN);
      html.append(
          PageParts.tile(
              name,
              People.metric(report.metrics().get(name)),
              interval(details.spread().get(name))
                  + (Double.isNaN(baseline) ? "" : "; popularity " + People.metric(baseline))));
    }
    if (details.gate() != null) {
      html.append(
          PageParts.tile(
              "Gate",
              details.gate().passed() ? "passed" : "refused",
              details.beside() == null
                  ? "no model was published before"
                  : "beside " + besideName()));
    }
    html.append(
        PageParts.tile(
            "Model", People.bytes(report.model().bytes()), PageBars.comparison(report.model())));
    report.metrics().entrySet().stream()
        .filter(one -> one.getKey().startsWith("coverage@"))
        .findFirst()
        .ifPresent(
            one ->
                html.append(
                    PageParts.tile(
                        one.getKey(),
                        People.percent(one.getValue()),
                        "of the catalogue is in a list")));
    return html.toString();
  }

  /** The two figures to begin with. */
  private List<String> headline() {
    String recall = metric.replace("ndcg@", "recall@");
    return List.of(metric, recall).stream()
        .distinct()
        .filter(report.metrics()::containsKey)
        .toList();
  }

  private static String interval(EvaluationDetails.Interval interval) {
    return interval == null || !Double.isFinite(interval.low())
        ? ""
        : People.metric(interval.low()) + "–" + People.metric(interval.high());
  }

  private List<String> remarks() {
    List<String> remarks = new ArrayList<>(Remarks.quality(report.metrics(), report.popularity()));
    for (EvaluationDetails.Users part : weak()) {
      remarks.add(
          "No better than the most popular items for "
              + People.many(part.users(), "user")
              + " of "
              + part.name()
              + " ("
              + metric
              + " "
              + People.metric(part.metrics().get(metric))
              + " against "
              + People.metric(part.popularity().get(metric))
              + ").");
    }
    if (details.beside() != null && details.beside().change().containsKey(metric)) {
      EvaluationDetails.Change change = details.beside().change().get(metric);
      if (change.low() <= 0 && change.high() >= 0) {
        remarks.add(
            "The difference in "
                + metric
                + " to "
                + besideName()
                + " is within what other users would change: "
                + signed(change.value())
                + ", interval "
                + signed(change.low())
                + " to "
                + signed(change.high())
                + ".");
      }
    }
    return remarks;
  }

  /** Groups of users, not too small ones, whom the baseline serves as well. */
  private List<EvaluationDetails.Users> weak() {
    return details.groups().stream()
        .filter(part -> part.users() >= 20 && part.popularity().containsKey(metric))
        .filter(part -> part.metrics().get(metric) <= part.popularity().get(metric))
        .limit(5)
        .toList();
  }

  private String beside() {
    StringBuilder html =
        new StringBuilder(
            "<section aria-labelledby=\"beside\"><h2 id=\"beside\">"
                + (details.beside() == null
                    ? "The gate"
                    : details.beside().published()
                        ? "Beside the published model"
                        : "Beside the other model")
                + "</h2>\n<div class=\"figure\">");
    if (details.gate() != null) {
      html.append("<p class=\"verdict")
          .append(details.gate().passed() ? "\">" : " bad\">")
          .append(
              details.gate().passed()
                  ? "<strong>The gate lets the model pass.</strong> "
                  : "<strong>The gate refuses the model.</strong> ")
          .append(Html.text(details.gate().verdict()))
          .append("</p>\n");
    }
    if (details.beside() != null) {
      html.append(compared(details.beside()));
    }
    html.append("</div>\n");
    if (details.beside() != null && details.beside().lists() != null) {
      html.append(changed(details.beside().lists()));
    }
    return html.append("</section>\n").toString();
  }

  private String compared(EvaluationDetails.Beside beside) {
    Html.Table table =
        new Html.Table(
            "Metrics of both models", "Metric", "This model", besideName(), "Change", "Interval");
    Html.Table rest =
        new Html.Table(
            "All metrics of both models",
            "Metric",
            "This model",
            besideName(),
            "Change",
            "Interval");
    beside
        .change()
        .forEach(
            (name, change) ->
                (headline().contains(name) ? table : rest)
                    .row(
                        name,
                        List.of(
                            People.metric(report.metrics().get(name)),
                            People.metric(beside.metrics().get(name)),
                            signed(change.value()),
                            signed(change.low()) + " to " + signed(change.high()))));
    return "<p class=\"note\">On the same users and pairs. The interval holds the middle 95 % of"
        + " the differences in "
        + People.count(details.resamples())
        + " resamples of the users.</p>"
        + table.html()
        + "<details><summary>All metrics</summary>"
        + rest.html()
        + "</details>";
  }

  private static String changed(EvaluationDetails.ListChange lists) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "Users whose top-" + lists.length() + " lists were compared", People.count(lists.users()));
    if (lists.users() > 0) {
      facts.put("Items that both lists of a user share, mean", People.percent(lists.shared()));
      facts.put("Lists that are the same", People.percent(lists.unchanged()));
      facts.put("Items of the catalogue shown before", People.count(lists.itemsBefore()));
      facts.put("Items shown now", People.count(lists.itemsNow()));
      facts.put("New in the lists", People.count(lists.itemsNow() - lists.itemsBoth()));
      facts.put("Gone from the lists", People.count(lists.itemsBefore() - lists.itemsBoth()));
    }
    return "<h3>What changes in the lists</h3>\n" + PageTables.facts(facts);
  }

  private static String signed(double value) {
    return Double.isFinite(value) ? (value < 0 ? "−" : "+") + People.metric(Math.abs(value)) : "–";
  }

  private String quality() {
    if (report.metrics().isEmpty()) {
      return PageFigures.empty("No user has a held-out item.");
    }
    Set<String> first =
        report.metrics().keySet().stream()
            .filter(name -> name.endsWith("@20") || !AccuracyMetrics.contain(name))
            .collect(Collectors.toSet());
    String note =
        "<p class=\"note\">The interval holds the middle 95 % of the means in "
            + People.count(details.resamples())
            + " resamples of the users.</p>";
    boolean all = first.size() == report.metrics().size() || first.isEmpty();
    String shown = table(all ? report.metrics().keySet() : first);
    return "<div class=\"pair\"><div class=\"figure\">"
        + note
        + shown
        + (all
            ? ""
            : "<details><summary>All metrics</summary>"
                + table(report.metrics().keySet())
                + "</details>")
        + (report.candidates().metrics().isEmpty()
            ? ""
            : "<h3>Among given candidates</h3>"
                + PageTables.quality(
                    report.candidates().metrics(), report.candidates().popularity()))
        + "</div>"
        + PageBars.quality(headlineBars(), report.popularity())
        + "</div>";
  }

  private Map<String, Double> headlineBars() {
    Map<String, Double> bars = new LinkedHashMap<>();
    report
        .metrics()
        .forEach(
            (name, value) -> {
              if (name.startsWith("ndcg@") || name.startsWith("recall@")) {
                bars.put(name, value);
              }
            });
    return bars;
  }

  private String table(Set<String> names) {
    Html.Table table =
        new Html.Table("Metrics of the model", "Metric", "Model", "Interval", "Popularity", "Gain");
    report
        .metrics()
        .forEach(
            (name, value) -> {
              if (names.contains(name)) {
                double baseline = report.popularity().getOrDefault(name, Double.NaN);
                String interval = interval(details.spread().get(name));
                table.row(
                    name,
                    List.of(
                        People.metric(value),
                        interval.isEmpty() ? "–" : interval,
                        People.metric(baseline),
                        AccuracyMetrics.contain(name) ? People.times(value / baseline) : "–"));
              }
            });
    return table.html();
  }

  private String users() {
    if (details.activity().isEmpty()) {
      return "";
    }
    return "<section aria-labelledby=\"users\"><h2 id=\"users\">For whom it is good</h2>\n"
        + "<div class=\"pair\">"
        + slices("By the number of their training items", "Training items", details.activity())
        + (details.groups().isEmpty() ? "" : slices("By group", "Group", details.groups()))
        + "</div></section>\n";
  }

  private String slices(String title, String column, List<EvaluationDetails.Users> slices) {
    Html.Table table = new Html.Table(title, column, "Users", metric, "Popularity", "Gain");
    for (EvaluationDetails.Users slice : slices) {
      double value = slice.metrics().getOrDefault(metric, Double.NaN);
      double baseline = slice.popularity().getOrDefault(metric, Double.NaN);
      table.row(
          slice.name(),
          List.of(
              People.count(slice.users()),
              People.metric(value),
              People.metric(baseline),
              People.times(value / baseline)));
    }
    return "<div class=\"figure\"><h3>" + Html.text(title) + "</h3>" + table.html() + "</div>";
  }

  private String items() {
    if (details.items().isEmpty()) {
      return "";
    }
    long places = details.items().stream().mapToLong(EvaluationDetails.Items::places).sum();
    Html.Table table =
        new Html.Table(
            "Items by popularity",
            "Items",
            "How many",
            "Interactions each",
            "Held out",
            "Found",
            "Found by popularity",
            "Share of the lists");
    for (EvaluationDetails.Items part : details.items()) {
      table.row(
          part.name(),
          List.of(
              People.count(part.items()),
              People.range(part.least(), part.most()),
              People.count(part.wanted()),
              People.percent((double) part.found() / part.wanted()),
              report.popularity().isEmpty()
                  ? "–"
                  : People.percent((double) part.popularityFound() / part.wanted()),
              People.percent((double) part.places() / places)));
    }
    return "<section aria-labelledby=\"items\"><h2 id=\"items\">For which items it is good</h2>\n"
        + "<div class=\"figure\"><p class=\"note\">A third of all training interactions is with"
        + " the head, the middle and the tail each. Found: share of the held-out interactions whose"
        + " item is in the user’s list of the longest cut-off.</p>"
        + table.html()
        + "</div></section>\n";
  }

  private String examples() {
    StringBuilder html =
        new StringBuilder(
            "<section aria-labelledby=\"examples\"><h2 id=\"examples\">Lists of some users</h2>\n"
                + "<p class=\"note\">Drawn by a hash of the ids, not chosen. ✓: held out, and"
                + " found."
                + (details.beside() == null ? "" : " In green: new in the list.")
                + "</p>\n<div class=\"examples\">");
    for (EvaluationDetails.Example example : details.examples()) {
      html.append("<div class=\"figure\"><h3>User ")
          .append(Html.text(example.user()))
          .append("</h3><div class=\"lists\">");
      html.append(list("Had", example.had(), Set.of()));
      if (details.beside() != null) {
        html.append(list("List before", example.before(), Set.of()));
      }
      Set<String> fresh =
          details.beside() == null
              ? Set.of()
              : example.list().stream()
                  .map(EvaluationDetails.Item::id)
                  .filter(id -> example.before().stream().noneMatch(old -> old.id().equals(id)))
                  .collect(Collectors.toSet());
      html.append(list(details.beside() == null ? "List" : "List now", example.list(), fresh));
      html.append(list("Held out, not found", example.missed(), Set.of()));
      html.append("</div></div>\n");
    }
    return html.append("</div></section>\n").toString();
  }

  private static String list(String title, List<EvaluationDetails.Item> items, Set<String> fresh) {
    if (items.isEmpty()) {
      return "";
    }
    StringBuilder html =
        new StringBuilder("<div><h4>").append(Html.text(title)).append("</h4><ol>");
    for (EvaluationDetails.Item item : items) {
      List<String> styles = new ArrayList<>();
      if (item.wanted() && !title.startsWith("Held")) {
        styles.add("hit");
      }
      if (fresh.contains(item.id())) {
        styles.add("new");
      }
      html.append(styles.isEmpty() ? "<li>" : "<li class=\"" + String.join(" ", styles) + "\">");
      html.append(Html.text(item.shown())).append("</li>");
    }
    return html.append("</ol></div>").toString();
  }

  private static String tuned(TuneReport search) {
    return "<section aria-labelledby=\"tuned\"><h2 id=\"tuned\">Budget against quality</h2>\n"
        + "<div class=\"figure picture\"><p class=\"note\">The trials of the search for settings,"
        + " measured on the validation part. The line joins those that no other beats.</p>\n"
        + TunePicture.of(search)
        + "</div></section>\n";
  }
}
