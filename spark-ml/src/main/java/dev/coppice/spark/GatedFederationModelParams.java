package dev.coppice.spark;

import org.apache.spark.ml.param.Param;

/**
 * What {@link GatedFederation} and {@link GatedFederationModel} have in common: the column of the
 * clients.
 */
public interface GatedFederationModelParams extends ScoringParams {

  /** Column that says which client a row belongs to. */
  Param<String> clientCol();

  /** Returns the value of {@link #clientCol}. */
  default String getClientCol() {
    return getOrDefault(clientCol());
  }
}
