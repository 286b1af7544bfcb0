package dev.coppice.core.federate;

import dev.coppice.core.table.SparseTable;
import java.io.Serializable;

/**
 * What a client keeps from round to round. Never leaves the client.
 *
 * @param users one row a user of {@link ClientData}
 * @param gate the client's gate; null before its first round
 * @param kept {@code boolean[blocks]}: the blocks it held last; null before its first round
 * @param items its own item rows after its last round, on the kept blocks; null before
 * @param plan number of the {@link LocalPlan} it trains by, chosen in its first round; 0 before
 */
public record ClientState(SparseTable users, Gate gate, boolean[] kept, SparseTable items, int plan)
    implements Serializable {

  /** Returns the state of a client before its first round. */
  public static ClientState before(SparseTable users) {
    return new ClientState(users, null, null, null, 0);
  }
}
