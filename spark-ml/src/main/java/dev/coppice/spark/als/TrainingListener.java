package dev.coppice.spark.als;

import dev.coppice.core.als.SweepRecord;
import dev.coppice.core.table.Budget;
import java.util.Map;

/** Is told how training goes, on the driver. */
@FunctionalInterface
public interface TrainingListener {
  /** A sweep ended. */
  void swept(SweepRecord sweep);

  /** The tables' sizes are known; called once, before the first sweep. */
  default void planned(Budget users, Budget items) {}

  /**
   * State was to be made durable.
   *
   * @param made whether it was; else the file system refused, and training goes on
   * @param seconds how long it took
   * @param place the directory
   */
  default void checkpointed(int sweep, boolean made, double seconds, String place) {}

  /**
   * A model of other parts was measured on the validation part.
   *
   * @param what which, such as {@code neighbours alone}
   * @param metrics by name
   */
  default void tried(String what, Map<String, Double> metrics) {}

  /** This listener, then {@code other}. */
  default TrainingListener and(TrainingListener other) {
    TrainingListener first = this;
    return new TrainingListener() {
      @Override
      public void swept(SweepRecord sweep) {
        first.swept(sweep);
        other.swept(sweep);
      }

      @Override
      public void planned(Budget users, Budget items) {
        first.planned(users, items);
        other.planned(users, items);
      }

      @Override
      public void tried(String what, Map<String, Double> metrics) {
        first.tried(what, metrics);
        other.tried(what, metrics);
      }

      @Override
      public void checkpointed(int sweep, boolean made, double seconds, String place) {
        first.checkpointed(sweep, made, seconds, place);
        other.checkpointed(sweep, made, seconds, place);
      }
    };
  }
}
