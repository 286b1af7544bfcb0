package dev.coppice.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
  void readsWhatItWrote(int sweeps) {
    TrainReport report = SampleReport.of(sweeps, 3);
    String json = report.toJson();
    assertThat(TrainReport.fromJson(json)).isEqualTo(report);
    assertThat(TrainReport.fromJson(json).toJson()).isEqualTo(json);
    assertThat(TrainReport.fromJson(ReportPageTest.empty().toJson()))
        .isEqualTo(ReportPageTest.empty());
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
    assertThat(SweepFacts.fromJson(sweep.toJson()))
        .isEqualTo(
            new SweepFacts(1, Double.NaN, Double.NaN, .5, 0, 0, Map.of("recall@20", Double.NaN)));
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

  @Test
  void saysWhatIsWrongWithAFileThatIsNotOurs() {
    String json = SampleReport.of(1, 3).toJson();
    assertThatThrownBy(() -> TrainReport.fromJson(json.substring(0, json.length() / 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("metrics.json is not JSON")
        .hasMessageContaining("'train'");
    assertThatThrownBy(() -> TrainReport.fromJson("[]"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one JSON object");
    assertThatThrownBy(() -> TrainReport.fromJson("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TrainReport.fromJson(json.replace("\"train\",", "\"evaluate\",")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'evaluate'")
        .hasMessageContaining("allowed here: 'train'");
    assertThatThrownBy(() -> TrainReport.fromJson(json.replace("\"budget\"", "\"budged\"")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'budget'");
    assertThatThrownBy(() -> TrainReport.fromJson(json.replace("\"rank\" : 256", "\"rank\" : 1.5")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'rank' is 1.5");
  }
}
