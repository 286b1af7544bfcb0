package dev.coppice.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvaluationReportTest {
  static EvaluationReport sample() {
    TrainReport train = SampleReport.of(12, 3);
    Map<String, Double> metrics = new LinkedHashMap<>(train.metrics());
    metrics.put("coverage@20", .31);
    metrics.put("gini@20", .87);
    metrics.put("meanPopularity@20", 412.5);
    metrics.put("hitrate@20", Double.NaN);
    return new EvaluationReport(
        train.run(),
        train.data(),
        29_858,
        metrics,
        train.popularity(),
        new CandidateScores(Map.of("hitrate@10", .7), Map.of("hitrate@10", .4)),
        train.model(),
        SampleReport.details());
  }

  @Test
  void metricsStandAtTheTop() throws Exception {
    JsonNode json = new ObjectMapper().readTree(sample().toJson());
    assertThat(json.get("job").asText()).isEqualTo("evaluate");
    assertThat(json.get("recall@20").asDouble()).isEqualTo(.1584);
    assertThat(json.get("ndcg@20").asDouble()).isEqualTo(.1325);
    assertThat(json.get("meanPopularity@20").asDouble()).isEqualTo(412.5);
    assertThat(json.get("hitrate@20").isNull()).isTrue();
    assertThat(json.get("users").asLong()).isEqualTo(29_858);
    assertThat(json.at("/popularity/recall@20").asDouble()).isEqualTo(.0416);
    assertThat(json.at("/candidates/hitrate@10").asDouble()).isEqualTo(.7);
    assertThat(json.at("/candidates/popularity/hitrate@10").asDouble()).isEqualTo(.4);
    assertThat(json.at("/model/weights").asLong()).isEqualTo(906_739);
    assertThat(json.at("/model/denseBytes").asLong()).isGreaterThan(0);
    assertThat(json.at("/data/interactions").asLong()).isEqualTo(1_027_370);
  }

  @Test
  void writesAllThatItHolds() {
    Written.assertThatNothingIsMissing(Written.tree(sample().toJson()), sample());
  }

  @Test
  void thePageShowsWhatDecides() {
    String page = EvaluationPage.render(sample());
    assertThat(page)
        .contains("<h1>synthetic-places</h1>", "Beside the published model")
        .contains("The gate lets the model pass.", "0.1505–0.1663", "+0.0034")
        .contains("head", "tail", "8-15", "The Third Man &amp; &lt;more&gt;")
        .contains("class=\"hit new\"")
        .doesNotContain("{{", "<script", "NaN");
    String json = sample().toJson();
    assertThat(Written.tree(json).at("/details/beside/change/recall@20/low").asDouble())
        .isEqualTo(.0011);
  }

  @Test
  void hasCandidatesOnlyIfTheDataHave() {
    EvaluationReport sample = sample();
    EvaluationReport without =
        new EvaluationReport(
            sample.run(),
            sample.data(),
            sample.users(),
            sample.metrics(),
            sample.popularity(),
            CandidateScores.NONE,
            sample.model(),
            null);
    assertThat(without.toJson()).doesNotContain("candidates").doesNotContain("details");
    Written.assertThatNothingIsMissing(Written.tree(without.toJson()), without);
  }

  @Test
  void refusesAMetricThatWouldHideAField() {
    EvaluationReport sample = sample();
    assertThatThrownBy(
            () ->
                new EvaluationReport(
                    sample.run(),
                    sample.data(),
                    1,
                    Map.of("users", 1.0),
                    Map.of(),
                    CandidateScores.NONE,
                    sample.model(),
                    null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'users'")
        .hasMessageContaining("recall@20");
  }
}
