package dev.coppice.bench;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.federate.AloneTraining;
import dev.coppice.core.federate.Census;
import dev.coppice.core.federate.ClientData;
import dev.coppice.core.table.SparseTable;
import dev.coppice.spark.GatedFederation;
import java.util.Arrays;

/**
 * Every client trained without the others as the estimator trains them for its summary. The summary
 * has means by client, and what is shown here is also of single users, which never leave a client
 * there: so this calls the trainer itself.
 */
final class AloneClients {
  private final ClientSplit split;
  private final AlsObjective objective;
  private final AloneTraining training;
  private final int[] degrees;

  /**
   * Prepares the training.
   *
   * @param stage whose Params count
   * @param updateRatio share of the positions that move in the first sweep
   */
  AloneClients(ClientSplit split, GatedFederation stage, double updateRatio) {
    this.split = split;
    objective =
        AlsObjective.implicit(
            stage.getUnobservedWeight(),
            stage.getRegParam(),
            stage.getRegExponent(),
            stage.getUserDebias(),
            stage.getItemDebias());
    training =
        new AloneTraining(
            objective,
            stage.getDensity(),
            stage.getRank(),
            stage.getMaxIter(),
            updateRatio,
            stage.getSeed());
    Census sum = Census.none(split.items());
    for (int c = 0; c < split.clients(); c++) {
      sum = sum.plus(Census.of(c, split.users()[c].length, codes(c), split.items()));
    }
    degrees = sum.degrees();
  }

  /**
   * What a client reached.
   *
   * @param stored weights of its item table
   */
  record One(ClientSplit.Reached reached, long stored) {}

  /** Trains and measures one client. */
  One train(int client) {
    int[] users = split.users()[client];
    int[] offsets = new int[users.length + 1];
    for (int r = 0; r < users.length; r++) {
      offsets[r + 1] = offsets[r] + split.train().of(users[r]).length;
    }
    long[] ids = Arrays.stream(users).asLongStream().toArray();
    AloneTraining.Tables tables =
        training.train(
            ClientData.of(client, ids, offsets, codes(client), null, degrees, objective), degrees);
    return new One(split.measure(client, factors(users, tables)), tables.items().stored());
  }

  private int[] codes(int client) {
    return Arrays.stream(split.users()[client])
        .flatMap(user -> Arrays.stream(split.train().of(user)))
        .toArray();
  }

  private Factors factors(int[] users, AloneTraining.Tables tables) {
    SparseTable items = tables.items();
    float[][] rows = new float[split.train().users()][];
    for (int r = 0; r < users.length; r++) {
      rows[users[r]] = dense(tables.users(), r);
    }
    float[][] columns = new float[items.rank()][items.rows()];
    boolean[] known = new boolean[items.rows()];
    for (int item = 0; item < items.rows(); item++) {
      known[item] = items.stored(item) > 0;
      float[] row = dense(items, item);
      for (int d = 0; d < row.length; d++) {
        columns[d][item] = row[d];
      }
    }
    return new Factors(rows, columns, known);
  }

  private static float[] dense(SparseTable table, int r) {
    short[] dims = table.rowDims(r);
    float[] weights = table.rowWeights(r);
    float[] row = new float[table.rank()];
    for (int i = 0; i < dims.length; i++) {
      row[dims[i] & 0xFFFF] = weights[i];
    }
    return row;
  }
}
