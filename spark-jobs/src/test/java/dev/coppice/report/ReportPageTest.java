package dev.coppice.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportPageTest {
  private static final String HOSTILE =
      "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;{{data}}<!--\u2028";

  @Test
  void tellsTheFactsWithoutAnyScript() {
    String page = ReportPage.render(SampleReport.of(12, 7));
    assertThat(withoutScripts(page))
        .contains("<h1>synthetic-places</h1>")
        .contains("rank 256 · density 5 % · 12 sweeps")
        .contains("<strong>0.1584</strong>", "popularity 0.0416", "3.8×")
        .contains("<strong>5.7 MB</strong>", "12.7× smaller than dense (72.5 MB)")
        .contains("906,739 weights stored, budget 906,739: met exactly.")
        .contains("<strong>12.8</strong>")
        .contains("29,858 users", "40,981 items", "1,027,370")
        .contains("sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef")
        .contains("validation.metric", "11 (best)", "31.9 s")
        .contains("Dimension 17, strength 84.3", "+ Old &lt;Harbour&gt; · − p9")
        .doesNotContain("{{", "NaN", "null", "Infinity", "Worth knowing");
  }

  @Test
  void hasAHeadingForEverySectionAndACaptionForEveryTable() {
    String page = withoutScripts(ReportPage.render(SampleReport.of(12, 7)));
    assertThat(occurrences(page, "<section")).isEqualTo(occurrences(page, "<section[^>]*><h2"));
    assertThat(occurrences(page, "<table>")).isEqualTo(occurrences(page, "<table><caption>\\w"));
    assertThat(occurrences(page, "data-chart="))
        .isEqualTo(7)
        .isEqualTo(occurrences(page, "role=\"img\" aria-label=\"Chart: \\w"));
    for (String tag : List.of("section", "figure", "table", "details", "div", "dl", "ul", "span")) {
      assertThat(occurrences(page, "<" + tag + "[ >]"))
          .as(tag)
          .isEqualTo(occurrences(page, "</" + tag + ">"));
    }
  }

  @Test
  void loadsNothing() {
    String page = ReportPage.render(SampleReport.of(3, 7));
    assertThat(page).contains("content=\"default-src 'none'; ");
    assertThat(withoutScripts(page))
        .doesNotContainPattern("(?i)\\b(src|href|action|srcset|poster|data)\\s*=")
        .doesNotContainPattern("(?i)<(link|iframe|object|embed|img|base|form)\\b")
        .doesNotContainPattern("(?i)@import|url\\(|https?:|//[a-z]");
    // The names of the SVG standard are no addresses.
    assertThat(page.replace("http://www.w3.org/", "")).doesNotContainPattern("(?i)https?://");
  }

  @Test
  void allowsItsOwnScriptsOnly() throws Exception {
    String page = ReportPage.render(SampleReport.of(1, 7));
    Matcher script = Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL).matcher(page);
    int scripts = 0;
    while (script.find()) {
      byte[] body = script.group(1).getBytes(StandardCharsets.UTF_8);
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(body);
      assertThat(page).contains("'sha256-" + Base64.getEncoder().encodeToString(sum) + "'");
      scripts++;
    }
    assertThat(scripts).isEqualTo(2);
    assertThat(page).doesNotContain("script-src 'unsafe-inline'");
  }

  @Test
  void hostileTextStaysText() {
    String page = ReportPage.render(hostile());
    assertThat(occurrences(page, "(?i)</script")).isEqualTo(3);
    assertThat(withoutScripts(page))
        .doesNotContain("<img", "<!--")
        .contains("&lt;/script&gt;&lt;script&gt;alert(1)", "&quot;&#39;&gt;&lt;img src=x");
    String data = data(page);
    assertThat(data).doesNotContain("<", ">", "&", "\u2028");
    assertThat(Written.tree(data)).isEqualTo(Written.tree(hostile().toJson()));
    Written.assertThatNothingIsMissing(Written.tree(data), hostile());
  }

  @Test
  void aMarkInsideAValueIsNotFilled() {
    assertThat(ReportPage.fill("a {{x}} {{y}}", Map.of("x", "{{y}} $1 \\", "y", "b")))
        .isEqualTo("a {{y}} $1 \\ b");
    assertThatThrownBy(() -> ReportPage.fill("{{z}}", Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("{{z}}");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 100})
  void drawsAnyNumberOfSweeps(int sweeps) {
    TrainReport report = SampleReport.of(sweeps, 7);
    String page = ReportPage.render(report);
    assertThat(Written.tree(data(page))).isEqualTo(Written.tree(report.toJson()));
    assertThat(withoutScripts(page))
        .contains(sweeps == 1 ? "1 sweep " : sweeps + " sweeps ")
        .doesNotContain("NaN", "Infinity");
    assertThat(page.contains("data-chart=\"loss\"")).isEqualTo(sweeps > 0);
    assertThat(page.contains("No sweep was run")).isEqualTo(sweeps == 0);
  }

  @Test
  void anEmptyRunStillMakesAPage() {
    String page = withoutScripts(ReportPage.render(empty()));
    assertThat(page)
        .contains("<h1>Training run</h1>", "No sweep was run", "No metric was measured")
        .contains("No phase was timed", "No user weights", "No item rows")
        .doesNotContain("NaN", "Infinity", "data-chart=\"", "null");
  }

  @Test
  void numbersThatAreNotFiniteAreShownAsSuch() {
    TrainReport sample = SampleReport.of(0, 7);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("recall@20", Double.NaN);
    metrics.put("ndcg@20", Double.POSITIVE_INFINITY);
    TrainReport report =
        new TrainReport(
            sample.run(),
            sample.data(),
            Map.of("train", Double.NaN),
            List.of(
                new SweepFacts(1, 1, Double.NaN, Double.NaN, 0, 0, metrics),
                new SweepFacts(2, 1, Double.NEGATIVE_INFINITY, 0, 0, 0, Map.of())),
            0,
            metrics,
            metrics,
            sample.model(),
            sample.rowDistribution(),
            sample.dimensions());
    String page = ReportPage.render(report);
    assertThat(withoutScripts(page))
        .contains("−∞", "+∞", "–", "The loss was infinite in sweep 2")
        .doesNotContain("NaN", "Infinity", "width:-", "data-chart=\"loss\"");
    assertThat(data(page)).contains("\"loss\":null").doesNotContain("NaN", "Infinity");
  }

  @Test
  void staysSmall() {
    int bytes = ReportPage.render(SampleReport.of(12, 7)).getBytes(StandardCharsets.UTF_8).length;
    assertThat(bytes).isLessThan(700_000);
  }

  private static TrainReport hostile() {
    TrainReport sample = SampleReport.of(1, 7);
    Map<String, Double> metrics = Map.of(HOSTILE, .5);
    return new TrainReport(
        new RunFacts(HOSTILE, HOSTILE, HOSTILE, 1, Map.of(HOSTILE, HOSTILE)),
        new DataFacts(HOSTILE, HOSTILE, 1, 1, 1),
        Map.of(HOSTILE, 1.0),
        List.of(new SweepFacts(1, 1, 1, .5, 1, 1, metrics)),
        1,
        metrics,
        metrics,
        ModelFacts.of(1, 1, 1, 1, 2, 3, List.of(new PartBytes(HOSTILE, 4, 2, 8, 0, 0))),
        sample.rowDistribution(),
        sample.dimensions());
  }

  static TrainReport empty() {
    return new TrainReport(
        new RunFacts("0.1.0", "4.1.0", "r", 0, Map.of()),
        new DataFacts("", "", 0, 0, 0),
        Map.of(),
        List.of(),
        0,
        Map.of(),
        Map.of(),
        ModelFacts.of(0, 0, 1, 1, 0, 0, List.of()),
        new RowDistribution(List.of(), List.of()),
        new DimensionUse(List.of(), List.of(0L), List.of()));
  }

  private static String withoutScripts(String page) {
    return page.replaceAll("(?s)<script[^>]*>.*?</script>", "");
  }

  private static String data(String page) {
    Matcher data =
        Pattern.compile("(?s)<script type=\"application/json\" id=\"data\">(.*?)</script>")
            .matcher(page);
    assertThat(data.find()).isTrue();
    return data.group(1);
  }

  private static long occurrences(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().count();
  }
}
