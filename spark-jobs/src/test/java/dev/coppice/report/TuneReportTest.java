package dev.coppice.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuneReportTest {
  private static final String HOSTILE = "</title><img src=x>\"&{{data}},\n";

  private static TuneReport.Trial trial(
      int candidate, String family, int rung, double quality, long bytes, String failure) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("rank", "64");
    settings.put("regParam", "0.0124");
    return new TuneReport.Trial(
        candidate,
        candidate == 0 ? "defaults" : "drawn",
        family,
        rung,
        rung == 1 ? 0.5 : 1,
        settings,
        quality,
        bytes,
        1.5 * rung,
        failure);
  }

  private static TuneReport report(String failure, TuneReport.Trial... more) {
    List<TuneReport.Trial> trials =
        new ArrayList<>(
            List.of(
                trial(0, "latent", 1, 0.21, 60_060, ""),
                trial(1, "hybrid", 1, 0.30, 225_000, ""),
                trial(2, "items", 1, 0.29, 165_000, ""),
                trial(3, "latent", 1, 0.22, 300_000, ""),
                trial(4, "hybrid", 1, Double.NaN, 0, failure),
                trial(1, "hybrid", 2, 0.33, 450_000, "")));
    trials.addAll(List.of(more));
    TrainReport train = SampleReport.of(2, 7);
    return new TuneReport(
        train.run(),
        train.data(),
        train.seconds(),
        "ndcg@20",
        0.2195,
        List.of("rank", "regParam", "neighbours"),
        trials,
        5);
  }

  @Test
  void theFrontierIsOfThoseThatNoOtherBeats() {
    assertThat(report("planted").frontier()).containsExactly(0, 2, 1, 5);
    // Of two of one quality the smaller, of two of one size the better one.
    assertThat(
            report(
                    "planted",
                    trial(6, "items", 2, 0.33, 460_000, ""),
                    trial(7, "items", 2, 0.305, 165_000, ""))
                .frontier())
        .containsExactly(0, 7, 5);
  }

  @Test
  void metricsTellAllTrials() {
    JsonNode json = Written.tree(report("planted").toJson());
    assertThat(json.get("job").asText()).isEqualTo("tune");
    assertThat(json.get("metric").asText()).isEqualTo("ndcg@20");
    assertThat(json.get("popularity").asDouble()).isEqualTo(0.2195);
    assertThat(json.get("failed").asInt()).isEqualTo(1);
    assertThat(json.at("/chosen/candidate").asInt()).isEqualTo(1);
    assertThat(json.at("/chosen/settings/regParam").asText()).isEqualTo("0.0124");
    assertThat(json.get("trials")).hasSize(6);
    assertThat(json.at("/trials/4/quality").isNull()).isTrue();
    assertThat(json.at("/trials/4/failure").asText()).isEqualTo("planted");
    assertThat(json.at("/trials/3/frontier").asBoolean()).isFalse();
    assertThat(json.at("/trials/5/frontier").asBoolean()).isTrue();
    assertThat(json.at("/configuration/rank").asInt()).isEqualTo(SampleReport.RANK);
  }

  @Test
  void whatWasWrittenIsReadForThePageOfTheModel() {
    TuneReport report = report("planted");
    TuneReport read = TuneReport.parse(report.toJson()).orElseThrow();
    assertThat(read.trials()).isEqualTo(report.trials());
    assertThat(read.frontier()).isEqualTo(report.frontier());
    assertThat(read.chosen()).isEqualTo(report.chosen());
    assertThat(read.metric()).isEqualTo("ndcg@20");
    assertThat(read.popularity()).isEqualTo(0.2195);
    EvaluationReport evaluation = EvaluationReportTest.sample();
    assertThat(TuneReport.parse(evaluation.toJson())).isEmpty();
    assertThat(TuneReport.parse("no JSON")).isEmpty();
    EvaluationReport tuned =
        new EvaluationReport(
            evaluation.run(),
            evaluation.data(),
            evaluation.users(),
            evaluation.metrics(),
            evaluation.popularity(),
            evaluation.candidates(),
            evaluation.model(),
            evaluation.details().withTuned(read));
    assertThat(EvaluationPage.render(tuned))
        .contains("Budget against quality", "class=\"frontier\"");
    assertThat(Written.tree(tuned.toJson()).at("/details/tuned/trials")).hasSize(6);
  }

  @Test
  void theTableQuotesWhatItMust() {
    List<String> lines = report("out of memory, \"planted\"").toCsv().lines().toList();
    assertThat(lines)
        .containsExactly(
            "candidate,origin,family,rung,share,ndcg@20,bytes,seconds,frontier,chosen,failure,rank,"
                + "regParam,neighbours",
            "0,defaults,latent,1,0.5,0.21,60060,1.500,true,false,,64,0.0124,",
            "1,drawn,hybrid,1,0.5,0.3,225000,1.500,true,false,,64,0.0124,",
            "2,drawn,items,1,0.5,0.29,165000,1.500,true,false,,64,0.0124,",
            "3,drawn,latent,1,0.5,0.22,300000,1.500,false,false,,64,0.0124,",
            "4,drawn,hybrid,1,0.5,,,1.500,false,false,\"out of memory,"
                + " \"\"planted\"\"\",64,0.0124,",
            "1,drawn,hybrid,2,1.0,0.33,450000,3.000,true,true,,64,0.0124,");
  }

  @Test
  void thePageShowsEveryTrialAndMarksTheFrontier() {
    String page = TunePage.render(report("planted"));
    assertThat(page)
        .contains("<strong>0.3300</strong>", "popularity 0.2195", "450.0 kB")
        .contains("<circle class=\"chosen\"", "<line class=\"popularity\"")
        .contains("candidate 4, rung 1: planted")
        .doesNotContain("{{", "NaN", "Infinity", "null", "<script");
    assertThat(occurrences(page, "<title>candidate")).isEqualTo(5);
    assertThat(occurrences(page, " edge\"")).isEqualTo(4);
    String line = page.replaceAll("(?s).*<polyline class=\"frontier\" points=\"([^\"]*)\".*", "$1");
    List<String> corners = List.of(line.split(" ", -1));
    assertThat(corners).hasSize(4);
    double right = -1;
    double up = Double.POSITIVE_INFINITY;
    for (String corner : corners) {
      int comma = corner.indexOf(',');
      double x = Double.parseDouble(corner.substring(0, comma));
      double y = Double.parseDouble(corner.substring(comma + 1));
      assertThat(x).isBetween(right, 900.0);
      assertThat(y).isBetween(0.0, up);
      right = x;
      up = y;
    }
    assertThat(page).doesNotContainPattern("(?i)\\b(src|href|action)\\s*=|https?:");
  }

  @Test
  void trialsFarBelowAreDrawnAtTheEdge() {
    String page = TunePage.render(report("planted", trial(6, "latent", 1, 0.0001, 70_000, "")));
    assertThat(page).contains("are drawn at the lower edge");
    assertThat(TunePage.render(report("planted"))).doesNotContain("lower edge");
  }

  @Test
  void oneTrialMakesAPageToo() {
    TuneReport one =
        new TuneReport(
            report("").run(),
            report("").data(),
            Map.of(),
            "ndcg@20",
            Double.NaN,
            List.of(),
            List.of(trial(0, "latent", 1, 0.2, 1000, "")),
            0);
    assertThat(TunePage.render(one))
        .contains("no baseline measured", "none failed")
        .doesNotContain("NaN", "Infinity", "<line class=\"popularity\"");
  }

  @Test
  void hostileTextStaysText() {
    String page = TunePage.render(report(HOSTILE));
    assertThat(page).doesNotContain("<img").contains("&lt;img src=x&gt;");
    assertThat(report(HOSTILE).toCsv()).contains("\"</title><img src=x>\"\"&{{data}},\n\"");
  }

  @Test
  void writesItsFiles(@TempDir Path directory) throws Exception {
    ReportFiles.write(
        report("planted"),
        new org.apache.hadoop.fs.Path(directory.toString()),
        new Configuration(false));
    assertThat(Files.readString(directory.resolve("metrics.json")))
        .isEqualTo(report("planted").toJson());
    assertThat(Files.readString(directory.resolve("report.html")))
        .isEqualTo(TunePage.render(report("planted")));
  }

  private static int occurrences(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }
}
