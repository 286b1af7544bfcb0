package dev.coppice.core.federate;

import dev.coppice.core.table.SparseTable;
import java.io.Serializable;

/**
 * What the driver holds and sends to the clients of a round.
 *
 * @param round number of finished rounds
 * @param items the global item table: its positions are the global mask
 * @param layout the blocks
 * @param census counts of all clients
 */
public record GlobalState(int round, SparseTable items, BlockLayout layout, Census census)
    implements Serializable {}
