package dev.coppice.spark;

import dev.coppice.spark.store.ModelStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.ml.util.MLWriter;

/** Saves a model through {@link ModelStore}. */
final class ModelWriter extends MLWriter {
  private final DynamicSparseALSModel model;

  ModelWriter(DynamicSparseALSModel model) {
    this.model = model;
  }

  @Override
  public void save(String path) throws IOException {
    ModelStore.save(model, model.stored(), sparkSession(), path, shouldOverwrite());
  }

  @Override
  public void saveImpl(String path) {
    try {
      save(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
