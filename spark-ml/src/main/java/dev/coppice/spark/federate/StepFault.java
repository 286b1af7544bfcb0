package dev.coppice.spark.federate;

import java.io.Serializable;

/** Called before each attempt of a client's step; throws to make it fail. For rehearsals. */
@FunctionalInterface
public interface StepFault extends Serializable {
  /** Never fails. */
  StepFault NONE = (round, client, attempt) -> {};

  /**
   * Does nothing, or throws.
   *
   * @param round from 1
   * @param attempt 1 or 2
   */
  void before(int round, int client, int attempt);
}
