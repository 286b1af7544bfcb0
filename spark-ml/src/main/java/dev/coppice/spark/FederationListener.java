package dev.coppice.spark;

import dev.coppice.core.federate.Federation;
import java.util.concurrent.Callable;

/** Told how a federation goes, on the thread that called {@code fit}. */
@FunctionalInterface
public interface FederationListener {

  /** A round has ended. */
  void round(Federation.RoundRecord round);

  /**
   * Runs a part of the work; whoever wants to time it or tell of it does so around the call.
   *
   * @param name such as {@code rounds}
   */
  default <T> T phase(String name, Callable<T> work) throws Exception {
    return work.call();
  }
}
