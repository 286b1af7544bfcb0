package dev.coppice.observe;

import java.io.IOException;

/** Takes what {@link Events} tells. Called from one thread at a time. */
public interface EventListener {
  /**
   * Takes one event.
   *
   * @throws IOException if it cannot; the run goes on, and the listener is not called again
   */
  void on(Event event) throws IOException;

  /** Ends listening. */
  default void close() throws IOException {}
}
