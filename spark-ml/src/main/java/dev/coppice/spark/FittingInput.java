package dev.coppice.spark;

import dev.coppice.core.als.InteractionCounts;
import dev.coppice.core.error.SettingException;
import dev.coppice.spark.federate.ClientSource;
import dev.coppice.spark.federate.ClientTables;
import dev.coppice.spark.federate.InitialTable;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The data of a federation, and the ids that its tables are named by. */
interface FittingInput {
  /** Opens data. */
  interface Opener {
    /**
     * Opens data.
     *
     * @param items {@code index}, {@code id}: the items of a global table that is joined; null to
     *     take those of the data
     */
    FittingInput open(GatedFederation stage, Dataset<Row> items);
  }

  /** Returns the clients. */
  ClientSource clients();

  /** Returns what the size of the data says. */
  InteractionCounts counts();

  /** Returns {@code index}, {@code id} of the items. */
  Dataset<Row> itemIds();

  /** Returns how many rows to learn from were left out, as a table has not their items. */
  long leftOut();

  /** Returns what the rounds start from if it is a model. */
  InitialTable initial(DynamicSparseALSModel model);

  /**
   * Returns a table trained on all clients together but those that join.
   *
   * @throws SettingException if the data are not to be brought together
   */
  InitialTable pooled(DynamicSparseALS als, Set<Integer> joins);

  /**
   * Returns the user rows of the clients' own models: {@code client, id, dims, weights, degree}.
   */
  Dataset<Row> users(ClientTables<?> tables);

  /** Returns the item rows of the clients' own models likewise. */
  Dataset<Row> items(ClientTables<?> tables);

  /** Returns the rows of all users on the global table: {@code id, dims, weights, degree}. */
  Dataset<Row> globalUsers(ClientTables<?> tables);

  /** Returns {@code int[clients]}: the partition that the rows of each stay in; null if none. */
  int[] places();

  /** Returns the fingerprint of the data; empty where it is unknown. */
  String fingerprint();

  /** Returns the settings that the model tells; null for the Params. */
  Map<String, String> configuration();
}
