package dev.coppice.job.train;

import dev.coppice.data.CanonicalDataset;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.InitialModel;
import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.TableEdits;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A saved model, numbered as a data set is, so that training can start from it.
 *
 * @param model ids are the data set's indices
 * @param users {@code index, id} of the data set's users, and of those the model alone has if they
 *     are kept, numbered after them
 * @param items likewise
 */
public record IndexedInitialModel(
    DynamicSparseALSModel model, Dataset<Row> users, Dataset<Row> items) {

  /**
   * Loads a model.
   *
   * @param keepVanished whether ids that the data set does not have get an index
   * @throws dev.coppice.core.error.BadInputException if it cannot be read, or has ids other than
   *     strings
   */
  public static IndexedInitialModel load(String path, CanonicalDataset data, boolean keepVanished) {
    return of(InitialModel.load(path), data, keepVanished);
  }

  /**
   * Numbers a model.
   *
   * @param saved as {@link InitialModel#load} gives it
   * @param keepVanished whether ids that the data set does not have get an index
   * @throws dev.coppice.core.error.BadInputException if it has ids other than strings
   */
  static IndexedInitialModel of(
      DynamicSparseALSModel saved, CanonicalDataset data, boolean keepVanished) {
    InitialModel.requireType("user", saved.userTable().idType(), IdType.STRING);
    InitialModel.requireType("item", saved.itemTable().idType(), IdType.STRING);
    Dataset<Row> users = data.users();
    Dataset<Row> items = data.items();
    if (keepVanished) {
      users = TableEdits.extended(users, data.manifest().users(), saved.userRows());
      items = TableEdits.extended(items, data.manifest().items(), saved.itemRows());
    }
    return new IndexedInitialModel(saved.withIndices(users, items), users, items);
  }
}
