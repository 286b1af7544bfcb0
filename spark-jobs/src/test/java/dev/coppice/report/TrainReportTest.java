package dev.coppice.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainReportTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 12})
  void writesAllThatItHolds(int sweeps) {
    TrainReport report = SampleReport.of(sweeps, 3);
    Written.assertThatNothingIsMissing(Written.tree(report.toJson()), report);
    assertThat(SampleReport.of(sweeps, 3).toJson()).isEqualTo(report.toJson());
  }

  @Test
  void writesHowFarARetrainedModelMoved() {
    DriftFacts drift =
        new DriftFacts(
            .1,
            .2,
            300,
            Double.NaN,
            Map.of("ndcg@20", .3),
            Map.of("ndcg@20", .4),
            Map.of("ndcg@20", .5),
            Map.of("ndcg@20", .45));
    TrainReport report = ReportPageTest.empty().withDrift(drift);
    JsonNode json = Written.tree(report.toJson());
    Written.assertThatNothingIsMissing(json, report);
    assertThat(json.at("/drift/oldAfter/ndcg@20").asDouble()).isEqualTo(.45);
    assertThat(json.at("/drift/forgetting/ndcg@20").asDouble()).isCloseTo(.05, within(1e-12));
  }

  @Test
  void hasTheFieldsThatScriptsRelyOn() throws Exception {
    JsonNode json = new ObjectMapper().readTree(SampleReport.of(12, 3).toJson());
    List<String> fields = new ArrayList<>();
    json.fieldNames().forEachRemaining(fields::add);
    assertThat(fields)
        .containsExactly(
            "job",
            "version",
            "spark",
            "runId",
            "configuration",
            "seed",
            "data",
            "seconds",
            "sweeps",
            "bestSweep",
            "metrics",
            "popularity",
            "model",
            "rowDistribution",
            "dimensions");
    assertThat(json.at("/job").asText()).isEqualTo("train");
    assertThat(json.at("/seconds/train").asDouble()).isEqualTo(31.87);
    assertThat(json.at("/sweeps/0/sweep").asInt()).isEqualTo(1);
    assertThat(json.at("/sweeps/0/metrics/recall@20").isNumber()).isTrue();
    assertThat(json.at("/model/weights").asLong()).isEqualTo(906_739);
    assertThat(json.at("/model/budget").asLong()).isEqualTo(906_739);
    // 6 bytes a weight and one int offset a row, and one more a table
    assertThat(json.at("/model/bytes").asLong())
        .isEqualTo(1_528_728 + 764_364 + 2_098_228 + 1_049_114 + 4L * (29_858 + 40_981 + 2));
    assertThat(json.at("/model/denseBytes").asLong()).isEqualTo((29_858L + 40_981) * 256 * 4);
    assertThat(json.at("/model/parts/1/name").asText()).isEqualTo("items");
    assertThat(json.at("/rowDistribution/users/0/degreeFrom").asLong()).isEqualTo(8);
    assertThat(json.at("/dimensions/items").size()).isEqualTo(256);
    assertThat(json.at("/configuration/validation/metric").asText()).isEqualTo("recall@20");
  }

  @Test
  void leavesOutMetricsThatWereNotMeasured() throws Exception {
    JsonNode json = new ObjectMapper().readTree(SampleReport.of(0, 3).toJson());
    assertThat(json.has("metrics")).isFalse();
    assertThat(json.has("popularity")).isFalse();
  }

  @Test
  void numbersThatAreNotFiniteBecomeNull() {
    SweepFacts sweep =
        new SweepFacts(
            1,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            .5,
            0,
            0,
            Map.of("recall@20", Double.NEGATIVE_INFINITY));
    assertThat(sweep.toJson().toString())
        .isEqualTo(
            "{\"sweep\":1,\"seconds\":null,\"loss\":null,\"updateRatio\":0.5,\"userMoved\":0,"
                + "\"itemMoved\":0,\"metrics\":{\"recall@20\":null}}");
  }

  @Test
  void configurationKeepsItsOrderAndWhatJsonCanSay() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("z", 1);
    settings.put("y", .1f);
    settings.put("x", Arrays.asList("a", null, true, 2L));
    settings.put("w", Map.of("inner", Thread.State.NEW));
    settings.put("v", Double.NaN);
    settings.put("u", null);
    RunFacts run = new RunFacts("0.1.0", "4.1.0", "r", 1, settings);
    assertThat(Json.tree(run.configuration()).toString())
        .isEqualTo(
            "{\"z\":1,\"y\":0.1,\"x\":[\"a\",null,true,2],\"w\":{\"inner\":\"NEW\"},"
                + "\"v\":\"NaN\",\"u\":null}");
    assertThatThrownBy(() -> run.configuration().put("t", 1))
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
