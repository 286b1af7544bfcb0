package dev.coppice.spark;

import dev.coppice.spark.als.TrainingSummary;
import dev.coppice.spark.items.NeighbourSummary;
import java.util.List;

/**
 * What a model that was trained in this session tells of its training.
 *
 * @param training of latent rows, or null
 * @param neighbours null where there are none
 * @param choices what was chosen from the data
 */
record FitRecord(TrainingSummary training, NeighbourSummary neighbours, List<Choice> choices) {
  /** Of a model that was not trained in this session. */
  static final FitRecord NONE = new FitRecord(null, null, List.of());

  FitRecord {
    choices = List.copyOf(choices);
  }
}
