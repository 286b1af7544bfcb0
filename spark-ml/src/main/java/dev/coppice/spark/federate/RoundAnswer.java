package dev.coppice.spark.federate;

import dev.coppice.core.federate.ClientUpdate;
import java.io.Serializable;

/**
 * All that a task sends to the driver for one client.
 *
 * @param update null where the client failed
 * @param failure class and message of what it failed with; null where it did not
 */
record RoundAnswer(int client, ClientUpdate update, String failure) implements Serializable {}
