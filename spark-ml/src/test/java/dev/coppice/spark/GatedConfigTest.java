package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.core.config.ConfigKey;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.junit.jupiter.api.Test;

/** What a federation was told reaches the estimator of its pooled table. */
class GatedConfigTest {
  /**
   * Params of one name and two meanings: sweeps or rounds, and rows that a pooled table has not.
   */
  private static final Set<String> TWO_MEANINGS = Set.of("checkpointInterval", "validationCol");

  private static List<String> names(Params stage) {
    return Arrays.stream(stage.params()).map(Param::name).toList();
  }

  /** Returns a value that is allowed and not the default. */
  private static Object another(Params stage, Param<?> param) {
    if (!stage.isDefined(param)) {
      return 0.0625; // those that are chosen from the data
    }
    Object value = stage.getOrDefault(param);
    if (param instanceof IntParam) {
      return (Integer) value + 1;
    }
    if (param instanceof LongParam) {
      return (Long) value + 1;
    }
    if (param instanceof DoubleParam) {
      return (Double) value + 0.0625;
    }
    if (param instanceof BooleanParam) {
      return !(Boolean) value;
    }
    throw new AssertionError(
        "this test knows no other value of the shared Param " + param.name() + "; add one");
  }

  @Test
  void noSharedParamIsForgotten() {
    Set<String> apart =
        GatedConfig.NOT_OF_THE_POOLED.stream().map(ConfigKey::name).collect(Collectors.toSet());
    GatedFederation stage = new GatedFederation();
    List<String> shared =
        names(new DynamicSparseALS()).stream()
            .filter(names(stage)::contains)
            .filter(name -> !apart.contains(name) && !TWO_MEANINGS.contains(name))
            .toList();
    assertThat(shared).contains("rank", "density", "regParam", "seed", "numPartitions");
    for (String name : shared) {
      Param<?> param = stage.getParam(name);
      stage.put(param, another(stage, param));
    }
    DynamicSparseALS als = GatedConfig.pooled(stage);
    for (String name : shared) {
      assertThat(als.getOrDefault(als.getParam(name)))
          .as(name)
          .isEqualTo(stage.getOrDefault(stage.getParam(name)));
    }
  }

  @Test
  void theRestOfThePooledTrainingIsAsItIsByDefault() {
    GatedFederation stage =
        new GatedFederation()
            .setUserCol("u")
            .setItemCol("i")
            .setRatingCol("r")
            .setPredictionCol("user")
            .setInitialModel("model")
            .setValidationCol("held out")
            .setCheckpointInterval(3);
    DynamicSparseALS als = GatedConfig.pooled(stage);
    assertThat(List.of(als.getUserCol(), als.getItemCol(), als.getRatingCol()))
        .containsExactly("user", "item", "weight");
    DynamicSparseALS other = new DynamicSparseALS();
    assertThat(als.getPredictionCol()).isEqualTo(other.getPredictionCol());
    assertThat(als.getInitialModel()).isEmpty();
    assertThat(als.getValidationCol()).isEmpty();
    assertThat(als.getCheckpointInterval()).isEqualTo(other.getCheckpointInterval());
  }
}
