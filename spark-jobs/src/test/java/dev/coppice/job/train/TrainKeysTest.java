package dev.coppice.job.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.error.UsageException;
import dev.coppice.spark.SparseRecommender;
import java.util.Map;
import org.apache.spark.ml.param.Param;
import org.junit.jupiter.api.Test;

class TrainKeysTest {
  @Test
  void defaultsAreThoseOfTheEstimator() {
    SparseRecommender als = new SparseRecommender();
    int compared = 0;
    for (ConfigKey<?> key : TrainKeys.schema().keys()) {
      if (key.defaultValue().isPresent() && als.hasParam(key.name())) {
        Param<Object> param = als.getParam(key.name());
        assertThat(key.defaultValue().get())
            .as("default of %s", key.name())
            .isEqualTo(als.getDefault(param).get());
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(15);
  }

  @Test
  void senselessCombinationsAreRefusedBeforeSparkStarts() {
    assertThatThrownBy(() -> check(Map.of("rank", "8", "density", "0.1")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("density is 0.1 of rank 8");
    assertThatThrownBy(() -> check(Map.of("refit", "true", "patience", "2")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("patience = 2");
    assertThatThrownBy(() -> check(Map.of("checkpointInterval", "0")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("-1 for none");
    assertThatThrownBy(() -> check(Map.of("metric", "beauty@20")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("beauty");
    check(Map.of("density", "1"));
  }

  private static void check(Map<String, String> settings) {
    Map<String, String> all = new java.util.HashMap<>(settings);
    all.put("input", "in");
    all.put("model", "out");
    new TrainJob().check(TrainKeys.schema().resolve(all));
  }
}
