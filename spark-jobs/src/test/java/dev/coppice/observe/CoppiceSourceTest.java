package dev.coppice.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import dev.coppice.spark.TestSpark;
import java.time.Instant;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CoppiceSourceTest {
  @BeforeEach
  void spark() {
    TestSpark.session();
  }

  private static double gauge(MetricRegistry registry, String name) {
    return ((Number) registry.getGauges().get(name).getValue()).doubleValue();
  }

  @Test
  void figuresOfTheRunAreGaugesOfSparksMetricsSystem() {
    CoppiceSource source = CoppiceSource.register();
    try {
      assertThat(SparkEnv.get().metricsSystem().getSourcesByName("coppice").contains(source))
          .isTrue();
      assertThat(gauge(source.metricRegistry(), "sweep")).isZero();
      for (int sweep = 1; sweep <= 2; sweep++) {
        source.on(
            new Event(
                Event.Type.SWEEP,
                Instant.now(),
                "train",
                Map.of("sweep", sweep, "loss", 2.5 / sweep, "metrics", Map.of("ndcg@20", 0.25))));
      }
      source.on(new Event(Event.Type.PLAN, Instant.now(), "train", Map.of("tableBytes", 640L)));
      source.on(new Event(Event.Type.END, Instant.now(), "train", Map.of("exitCode", 3)));
      assertThat(source.metricRegistry().getGauges())
          .containsOnlyKeys("sweep", "loss", "tableBytes", "validation.ndcg_20");
      assertThat(gauge(source.metricRegistry(), "sweep")).isEqualTo(2);
      assertThat(gauge(source.metricRegistry(), "loss")).isEqualTo(1.25);
      assertThat(gauge(source.metricRegistry(), "tableBytes")).isEqualTo(640);
      assertThat(gauge(source.metricRegistry(), "validation.ndcg_20")).isEqualTo(0.25);
    } finally {
      source.close();
    }
    assertThat(SparkEnv.get().metricsSystem().getSourcesByName("coppice").contains(source))
        .isFalse();
  }
}
