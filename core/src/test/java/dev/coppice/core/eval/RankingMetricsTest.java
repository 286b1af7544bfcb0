package dev.coppice.core.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RankingMetricsTest {

  @ParameterizedTest
  @EnumSource(Metric.class)
  void everyMetricHasItsContract(Metric metric) throws ClassNotFoundException {
    String key = metric == Metric.HIT_RATE ? "HitRate" : metric.key();
    String name = Character.toUpperCase(key.charAt(0)) + key.substring(1) + "Test";
    Class<?> test = Class.forName(getClass().getPackageName() + "." + name);
    assertThat(MetricContract.class).isAssignableFrom(test);
  }

  @Test
  void oneCallGivesAllKeysInOrder() {
    List<MetricKey> keys = MetricKey.all(1, 4);
    RankingMetrics metrics = new RankingMetrics(keys);
    double[] out = new double[12];
    // Hit at 2 of one test item.
    metrics.evaluate(new int[] {5, 6, 7, 8, 9}, 5, new int[] {6}, out);
    double ndcg = Math.log(2) / Math.log(3);
    assertThat(keys.toString())
        .isEqualTo(
            "[recall@1, recall@4, ndcg@1, ndcg@4, precision@1, precision@4, hitrate@1, hitrate@4,"
                + " map@1, map@4, mrr@1, mrr@4]");
    assertThat(out)
        .containsExactly(new double[] {0, 1, 0, ndcg, 0, .25, 0, 1, 0, .5, 0, .5}, within());
    assertThat(metrics.depth()).isEqualTo(4);
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-15);
  }

  @Test
  void entriesBehindTheCountAreIgnored() {
    RankingMetrics metrics = new RankingMetrics(MetricKey.all(3));
    double[] out = new double[6];
    metrics.evaluate(new int[] {1, 2, 6}, 2, new int[] {6}, out);
    assertThat(out).containsOnly(0);
  }

  @Test
  void badInputIsRefused() {
    RankingMetrics metrics = new RankingMetrics(MetricKey.all(3));
    assertThatThrownBy(() -> metrics.evaluate(new int[1], 1, new int[0], new double[6]))
        .hasMessageContaining("test set is empty");
    assertThatThrownBy(() -> metrics.evaluate(new int[1], 1, new int[] {4, 4}, new double[6]))
        .hasMessageContaining("4, 4");
    assertThatThrownBy(() -> metrics.evaluate(new int[1], 1, new int[] {4}, new double[5]))
        .hasMessageContaining("needed: 6");
    assertThatThrownBy(() -> new RankingMetrics(List.of())).hasMessageContaining("one or more");
    assertThatThrownBy(() -> new RankingMetrics(List.of(key("map@3"), key("MAP@3"))))
        .hasMessageContaining("each once");
  }

  private static MetricKey key(String text) {
    return MetricKey.parse(text);
  }

  @ParameterizedTest
  @CsvSource({"ndcg@20,ndcg@20", "' Recall@5 ',recall@5", "HITRATE@ 10,hitrate@10"})
  void keysAreReadInAnyCaseAndWrittenInLowerCase(String text, String formatted) {
    assertThat(key(text).format()).isEqualTo(formatted).isEqualTo(key(formatted).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ndcg", "ndcg@", "ndcg@x", "ndcg@0", "ndcg@-1", "auc@20", "", "@20"})
  void otherKeysAreRefused(String text) {
    assertThatThrownBy(() -> key(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anUnknownMetricIsAnsweredWithTheKnownOnes() {
    assertThatThrownBy(() -> key("auc@20"))
        .hasMessage("unknown metric 'auc'; known: recall, ndcg, precision, hitrate, map, mrr");
  }
}
