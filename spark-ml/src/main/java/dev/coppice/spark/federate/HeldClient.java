package dev.coppice.spark.federate;

import dev.coppice.core.federate.ClientData;
import dev.coppice.core.federate.ClientState;
import dev.coppice.core.federate.ClientStep;
import dev.coppice.core.federate.ClientUpdate;
import dev.coppice.core.table.SparseTable;
import java.io.Serializable;

/**
 * What an executor holds of a client. In a round the driver asks for the update or the failure
 * alone ({@link RoundAnswer}).
 *
 * @param begin rows that its users were given to start from; null where there are none
 * @param state null before the client's first round
 * @param update of the round that was just run; null where there is none
 * @param failure why there is none although the client was asked; null otherwise
 */
record HeldClient(
    int client, SparseTable begin, ClientState state, ClientUpdate update, String failure)
    implements Serializable {

  static HeldClient fresh(int client, SparseTable begin) {
    return new HeldClient(client, begin, null, null, null);
  }

  /** Returns the state to go on from. */
  ClientState begun(ClientStep step, ClientData data) {
    if (state != null) {
      return state;
    }
    return begin == null
        ? step.start(data)
        : ClientState.before(InitialUserRow.completed(begin, data, step));
  }

  HeldClient answered(ClientStep.Result result) {
    return new HeldClient(client, begin, result.state(), result.update(), null);
  }

  HeldClient failed(String why) {
    return new HeldClient(client, begin, state, null, why);
  }

  HeldClient withoutUpdate() {
    return new HeldClient(client, begin, state, null, null);
  }
}
