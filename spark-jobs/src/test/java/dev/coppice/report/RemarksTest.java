package dev.coppice.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RemarksTest {
  private final TrainReport sample = SampleReport.of(12, 7);

  @Test
  void saysNothingOfAGoodRun() {
    assertThat(Remarks.of(sample)).isEmpty();
  }

  @Test
  void saysThatTheLastSweepWasTheBest() {
    assertThat(Remarks.of(with(12, sample.metrics(), sample.model(), sample.dimensions())))
        .containsExactly("The best sweep is the last one: more sweeps (maxIter) may still help.");
  }

  @Test
  void saysThatPopularityIsAsGood() {
    Map<String, Double> poor = new LinkedHashMap<>();
    poor.put("recall@20", .0416);
    poor.put("ndcg@20", .9);
    poor.put("map@20", 0.0);
    poor.put("gini@20", 0.0);
    assertThat(Remarks.of(with(11, poor, sample.model(), sample.dimensions())))
        .containsExactly("No better than recommending the most popular items: recall@20, map@20.");
  }

  @Test
  void saysThatTheBudgetWasMissedAndDimensionsAreUnused() {
    ModelFacts model = ModelFacts.of(10, 10, 4, .5, 39, 40, List.of());
    DimensionUse use =
        new DimensionUse(List.of(0L, 5L, 0L, 5L), List.of(1L, 1L, 1L, 1L), List.of());
    assertThat(Remarks.of(with(11, sample.metrics(), model, use)))
        .containsExactly(
            "The tables hold 39 weights; the budget is 40.",
            "2 dimensions of 4 hold no user weight: a smaller rank would lose nothing there.");
  }

  private TrainReport with(
      int best, Map<String, Double> metrics, ModelFacts model, DimensionUse dimensions) {
    return new TrainReport(
        sample.run(),
        sample.data(),
        sample.seconds(),
        sample.sweeps(),
        best,
        metrics,
        sample.popularity(),
        model,
        sample.rowDistribution(),
        dimensions);
  }
}
