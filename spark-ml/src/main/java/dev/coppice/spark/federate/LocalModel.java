package dev.coppice.spark.federate;

import dev.coppice.core.federate.ClientData;
import dev.coppice.core.federate.ClientState;
import dev.coppice.core.table.SparseTable;
import java.io.Serializable;

/**
 * A client's own model inside an executor.
 *
 * @param globalUsers the client's users solved on the whole global table
 */
record LocalModel(ClientData data, ClientState state, SparseTable globalUsers)
    implements Serializable {}
