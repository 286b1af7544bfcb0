package dev.coppice.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.ml.util.MLWriter;

/** Saves a model; what {@link ServerModels} says about servers of Spark Connect included. */
abstract class ModelWriter extends MLWriter {
  private final SparseModel<?> model;

  ModelWriter(SparseModel<?> model) {
    this.model = model;
  }

  @Override
  public abstract void save(String path) throws IOException;

  @Override
  public final void saveImpl(String path) {
    try {
      save(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Overrides what MLWriter has from Spark 4.1 on: keeps a model for a server of Spark Connect. */
  @SuppressWarnings("MissingOverride")
  public final void saveToLocal(String path) throws IOException {
    ServerModels.keep(path, model);
  }
}
