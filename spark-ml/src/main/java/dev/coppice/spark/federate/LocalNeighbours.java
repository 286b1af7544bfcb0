package dev.coppice.spark.federate;

import dev.coppice.core.federate.ClientData;
import dev.coppice.core.federate.ClientNeighbours;
import dev.coppice.core.items.NeighbourTable;
import dev.coppice.spark.table.RowTable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A client's own neighbours inside an executor.
 *
 * @param own what it learnt
 * @param sentBytes of the pair sums that it sent; 0 if it sent nothing
 */
record LocalNeighbours(ClientData data, ClientNeighbours own, long sentBytes)
    implements Serializable {
  private static final Short[] NO_DIMS = new Short[0];
  private static final Float[] NO_WEIGHTS = new Float[0];

  static final StructType USERS =
      ClientTables.FORM.add(
          RowTable.LINKS, DataTypes.createArrayType(DataTypes.IntegerType, false), false);

  static final StructType ITEMS =
      ClientTables.FORM
          .add(RowTable.CODE, DataTypes.IntegerType, false)
          .add(RowTable.LINKS, DataTypes.createArrayType(DataTypes.IntegerType, false), false)
          .add(RowTable.LINK_WEIGHTS, DataTypes.createArrayType(DataTypes.FloatType, false), false);

  /** Returns the users with what they have. */
  Iterator<Row> userRows() {
    List<Row> rows = new ArrayList<>();
    for (int user = 0; user < data.users().rows(); user++) {
      int[] history = data.history(user);
      rows.add(
          RowFactory.create(
              data.client(),
              data.users().ids()[user],
              NO_DIMS,
              NO_WEIGHTS,
              history.length,
              boxed(history)));
    }
    return rows.iterator();
  }

  /** Returns the items of the model; degrees are the client's own. */
  Iterator<Row> itemRows() {
    return itemRows(data.client(), own.table(), data.items().offsets()).iterator();
  }

  /**
   * Returns the rows of a table.
   *
   * @param offsets differ by the degree of each item; null where degrees are not known
   */
  static List<Row> itemRows(int client, NeighbourTable table, int[] offsets) {
    List<Row> rows = new ArrayList<>();
    for (int row = 0; row < table.items().length; row++) {
      int item = table.items()[row];
      float[] weights = table.weights(row);
      Float[] values = new Float[weights.length];
      for (int q = 0; q < values.length; q++) {
        values[q] = weights[q];
      }
      rows.add(
          RowFactory.create(
              client,
              (long) item,
              NO_DIMS,
              NO_WEIGHTS,
              offsets == null ? 0 : offsets[item + 1] - offsets[item],
              item,
              boxed(table.neighbours(row)),
              values));
    }
    return rows;
  }

  private static Integer[] boxed(int[] values) {
    Integer[] boxed = new Integer[values.length];
    for (int q = 0; q < boxed.length; q++) {
      boxed[q] = values[q];
    }
    return boxed;
  }
}
