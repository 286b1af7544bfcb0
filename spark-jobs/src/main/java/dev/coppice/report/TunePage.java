package dev.coppice.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** {@code report.html} of a search for settings: one file, nothing fetched, no script. */
final class TunePage {
  private TunePage() {}

  static String render(TuneReport report) {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("title", Html.text(PageParts.title(report.data(), "Search for settings")));
    parts.put("style", ReportPage.resource("page.css"));
    parts.put("pictureStyle", ReportPage.resource("picture.css"));
    parts.put("subtitle", Html.text(subtitle(report)));
    parts.put("tiles", tiles(report));
    parts.put("metric", Html.text(report.metric()));
    parts.put("picture", TunePicture.of(report));
    parts.put("frontier", table(report, "Trials that no other beats", report.frontier()));
    parts.put("chosen", PageTables.facts(new LinkedHashMap<>(report.best().settings())));
    parts.put(
        "trials",
        table(report, "All trials", IntStream.range(0, report.trials().size()).boxed().toList()));
    parts.put("failures", failures(report));
    parts.put("phases", PageBars.phases(report.seconds()));
    parts.put("configuration", PageTables.facts(PageTables.flat(report.run().configuration())));
    return ReportPage.fill(ReportPage.resource("tune.html"), parts);
  }

  private static String subtitle(TuneReport report) {
    return report.data().path()
        + ": "
        + People.many(report.data().users(), "user")
        + ", "
        + People.many(report.data().items(), "item")
        + ", "
        + People.many(report.data().interactions(), "interaction")
        + " in train; "
        + People.many(report.trials().size(), "trial")
        + (report.failed() > 0 ? ", " + report.failed() + " of them failed" : "");
  }

  private static String tiles(TuneReport report) {
    TuneReport.Trial best = report.best();
    return PageParts.tile(report.metric(), best.quality(), report.popularity())
        + PageParts.tile("Model", People.bytes(best.bytes()), best.family() + ", both tables")
        + PageParts.tile(
            "Chosen", "candidate " + best.candidate(), best.origin() + ", rung " + best.rung())
        + PageParts.tile(
            "Trials",
            People.count(report.trials().size()),
            report.failed() == 0 ? "none failed" : People.count(report.failed()) + " failed")
        + PageParts.tile("Time", People.seconds(PageTables.total(report.seconds())), "all phases");
  }

  private static String table(TuneReport report, String caption, List<Integer> shown) {
    Set<Integer> frontier = new LinkedHashSet<>(report.frontier());
    List<String> columns = new ArrayList<>();
    columns.addAll(
        List.of("Candidate", "Rung", "Family", report.metric(), "Bytes", "Time", "Origin"));
    columns.addAll(report.searched());
    Html.Table table = new Html.Table(caption, columns.toArray(String[]::new));
    for (int t : shown) {
      TuneReport.Trial trial = report.trials().get(t);
      List<String> cells = new ArrayList<>();
      cells.add(String.valueOf(trial.rung()));
      cells.add(trial.family());
      cells.add(trial.succeeded() ? People.metric(trial.quality()) : "failed");
      cells.add(trial.succeeded() ? People.count(trial.bytes()) : "–");
      cells.add(People.seconds(trial.seconds()));
      cells.add(trial.origin());
      report.searched().forEach(name -> cells.add(trial.settings().getOrDefault(name, "–")));
      String marks = (t == report.chosen() ? " (chosen)" : "") + (frontier.contains(t) ? " ◆" : "");
      table.row(t == report.chosen() ? "best" : "", trial.candidate() + marks, cells);
    }
    return table.html();
  }

  private static String failures(TuneReport report) {
    if (report.failed() == 0) {
      return "";
    }
    return "<section aria-labelledby=\"failures\"><h2 id=\"failures\">Trials that failed</h2><ul>\n"
        + report.trials().stream()
            .filter(trial -> !trial.succeeded())
            .map(
                trial ->
                    "<li>"
                        + Html.text(
                            "candidate "
                                + trial.candidate()
                                + ", rung "
                                + trial.rung()
                                + ": "
                                + trial.failure())
                        + "</li>\n")
            .collect(Collectors.joining())
        + "</ul></section>";
  }
}
