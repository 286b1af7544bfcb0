package dev.coppice.spark.federate;

import dev.coppice.core.federate.ClientUpdate;
import java.io.Serializable;

/**
 * All that a task sends to the driver for one client in a round. What it sends besides, before the
 * rounds and after them, are counts and means: see docs/federation.md, "What leaves a client".
 *
 * @param update null where the client failed
 * @param failure class of what it failed with, without the message, which might quote data; null
 *     where it did not fail
 */
record RoundAnswer(int client, ClientUpdate update, String failure) implements Serializable {}
