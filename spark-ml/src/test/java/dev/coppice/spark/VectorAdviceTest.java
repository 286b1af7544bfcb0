package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VectorAdviceTest {
  private final List<String> log = new ArrayList<>();

  @Test
  void itIsSaidOnceAndWhereSparkTakesIt() {
    VectorAdvice advice = new VectorAdvice(Optional.of("Add it."), log::add);
    assertThat(log).isEmpty();
    advice.say();
    advice.say();
    assertThat(log)
        .singleElement()
        .asString()
        .startsWith("Add it. ")
        .contains("spark.driver.defaultJavaOptions", "spark.executor.defaultJavaOptions");
  }

  @Test
  void nothingIsSaidWhereNothingIsMissing() {
    new VectorAdvice(Optional.empty(), log::add).say();
    assertThat(log).isEmpty();
  }
}
