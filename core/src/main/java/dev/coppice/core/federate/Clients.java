package dev.coppice.core.federate;

import java.util.List;
import java.util.SortedSet;

/** The clients as the driver sees them, in one process or on a cluster. */
public interface Clients {

  /** Returns the numbers, from 0, of the clients that take part in rounds; they never change. */
  SortedSet<Integer> members();

  /** Counts all clients, once. */
  Census census();

  /**
   * Sends the global state to the asked clients and waits for their answers. A client that fails
   * keeps its state and is missing from the answers; so is one that is late.
   *
   * @param asked ascending
   */
  List<ClientUpdate> round(GlobalState global, SortedSet<Integer> asked);
}
