package dev.coppice.spark.federate;

import dev.coppice.core.federate.ClientState;
import dev.coppice.core.federate.ClientUpdate;
import java.io.Serializable;

/**
 * What an executor holds of a client. Only the update, or the failure, is ever asked for by the
 * driver.
 *
 * @param state null before the client's first round
 * @param update of the round that was just run; null where there is none
 * @param failure why there is none although the client was asked; null otherwise
 */
record HeldClient(int client, ClientState state, ClientUpdate update, String failure)
    implements Serializable {

  HeldClient withoutUpdate() {
    return new HeldClient(client, state, null, null);
  }
}
