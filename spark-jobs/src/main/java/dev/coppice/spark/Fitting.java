package dev.coppice.spark;

import org.apache.spark.sql.Dataset;

final class Fitting {
  private Fitting() {}

  static DynamicSparseALSModel fit(DynamicSparseALS estimator, Dataset<?> data) {
    throw new UnsupportedOperationException("x");
  }
}
