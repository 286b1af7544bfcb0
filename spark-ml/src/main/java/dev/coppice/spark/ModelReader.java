package dev.coppice.spark;

import org.apache.spark.ml.util.MLReader;

/**
 * Reads saved models.
 *
 * @param <M> their class
 */
abstract class ModelReader<M extends SparseModel<M>> extends MLReader<M> {
  private final Class<M> type;

  ModelReader(Class<M> type) {
    this.type = type;
  }

  /** Overrides what MLReader has from Spark 4.1 on: finds what {@link ServerModels} kept. */
  @SuppressWarnings("MissingOverride")
  public final M loadFromLocal(String path) {
    return type.cast(ServerModels.kept(path));
  }
}
