package dev.coppice.spark.als;

import dev.coppice.core.als.ExploreRule;
import dev.coppice.core.table.StartRule;
import org.apache.spark.sql.SparkSession;

/** What tests of training have in common. */
public final class TestTraining {
  private TestTraining() {}

  /** Returns a run without durable state whose rows keep their numbers. */
  public static AlsTraining of(SparkSession session, TrainingSpec spec) {
    return new AlsTraining(session, spec, null, Naming.NUMBERS, spec.spread().storage());
  }

  /** Returns the same with another rule for explorations, and another share of the two tables. */
  static TrainingSpec with(TrainingSpec spec, ExploreRule rule, StartRule start) {
    TrainingSpec.Shape shape = spec.shape();
    return new TrainingSpec(
        spec.objective(),
        new TrainingSpec.Shape(shape.rank(), shape.density(), shape.minWeightsPerRow(), start),
        spec.trainer(),
        rule,
        spec.metrics(),
        spec.seed(),
        spec.spread(),
        spec.continuation());
  }
}
