package dev.coppice.job.rank;

import dev.coppice.job.frame.JobContext;
import dev.coppice.publish.Registry;
import dev.coppice.spark.DynamicSparseALSModel;
import java.io.IOException;

/** Loads the model that a setting names: a saved model, or a registry's published one. */
public final class ModelPlace {
  private ModelPlace() {}

  /**
   * Loads a model.
   *
   * @param path a saved model or a registry
   * @throws dev.coppice.core.error.BadInputException if it is neither, or a registry without a
   *     published model
   */
  public static DynamicSparseALSModel load(JobContext context, String path) throws IOException {
    String place = Registry.resolve(context.hadoop(), path);
    if (!place.equals(path)) {
      context.say("the published model of " + path + " is " + place);
    }
    return DynamicSparseALSModel.load(place);
  }
}
