package dev.coppice.spark;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.InteractionCounts;
import dev.coppice.core.table.Budget;
import dev.coppice.core.table.ByteAccount;
import dev.coppice.spark.compress.DenseFactors;
import dev.coppice.spark.compress.Pruning;
import dev.coppice.spark.held.HeldRows;
import dev.coppice.spark.table.ModelInfo;
import dev.coppice.spark.table.RowTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.storage.StorageLevel;

/**
 * A model that MLlib's {@code ALS} trained, taken over: as it is, with every position stored, and
 * pruned to the budget of an estimator, which can then go on from it. Its ids become strings: 7 is
 * "7".
 *
 * <p>The tables are read more than once and are cached; {@link #close} frees them, those of the
 * models that were made of them too.
 *
 * @since 0.1.0
 */
public final class ImportedALS implements AutoCloseable {
  private final int rank;
  private final List<RowTable> cached = new ArrayList<>();
  private final RowTable users;
  private final RowTable items;

  private ImportedALS(DenseFactors factors) {
    rank = factors.rank();
    users = cached(factors.users());
    items = cached(factors.items());
  }

  /**
   * Loads a saved {@code ALSModel}.
   *
   * @throws dev.coppice.core.error.BadInputException if the path holds none, or factors that are
   *     not finite
   */
  public static ImportedALS load(String path) {
    return new ImportedALS(DenseFactors.load(path));
  }

  /** Returns the width of the rows. */
  public int rank() {
    return rank;
  }

  /**
   * Returns the model as it is.
   *
   * @param estimator whose objective unknown users are folded in with; its rank is {@link #rank}
   * @throws IllegalArgumentException as {@link DynamicSparseALS#validate}
   * @throws dev.coppice.core.error.BadInputException if the estimator asks for nonnegative weights
   *     and the model holds others
   */
  public DynamicSparseALSModel dense(DynamicSparseALS estimator) {
    return model(estimator, 1, users, items);
  }

  /**
   * Returns the model pruned to {@code density}: the weights go that matter least to the scores
   * ({@link Pruning}), as {@code minWeightsPerRow} lets them.
   *
   * @param estimator as for {@link #dense}
   * @throws IllegalArgumentException if the rows cannot be pruned so far, or as {@link
   *     DynamicSparseALS#validate}
   */
  public DynamicSparseALSModel pruned(DynamicSparseALS estimator) {
    double density = estimator.getDensity();
    int least = estimator.getMinWeightsPerRow();
    Budget userBudget = Budget.of(density, rank, users.size().rows());
    Budget itemBudget = Budget.of(density, rank, items.size().rows());
    float[] userLengths = Pruning.columnLengths(users, rank);
    float[] itemLengths = Pruning.columnLengths(items, rank);
    return model(
        estimator,
        density,
        cached(Pruning.prune(users, itemLengths, userBudget, least)),
        cached(Pruning.prune(items, userLengths, itemBudget, least)));
  }

  private DynamicSparseALSModel model(
      DynamicSparseALS estimator, double density, RowTable userTable, RowTable itemTable) {
    // The interactions are not known, the rows are.
    InteractionCounts counts =
        new InteractionCounts(userTable.size().rows(), itemTable.size().rows(), 0, 0);
    AlsObjective objective =
        AlsConfig.of(AutoParams.of(estimator, counts).stage()).spec().objective();
    if (objective.nonnegative()) {
      InitialModel.requireNonnegative("the imported model", users, items);
    }
    ModelInfo bare = ModelInfo.of(rank, objective);
    ModelInfo info =
        new ModelInfo(
            rank,
            density,
            userTable.size().stored(),
            itemTable.size().stored(),
            objective,
            bare.confidenceScale(),
            bare.meanUserDegree(),
            bare.meanItemDegree(),
            bare.seed(),
            bare.bestSweep(),
            ByteAccount.of(userTable.size().rows(), userTable.size().stored()),
            ByteAccount.of(itemTable.size().rows(), itemTable.size().stored()),
            "",
            Map.of(),
            Map.of());
    return new DynamicSparseALSModel()
        .withTables(info, userTable, itemTable)
        .setUserCol(estimator.getUserCol())
        .setItemCol(estimator.getItemCol());
  }

  private RowTable cached(RowTable table) {
    RowTable rows =
        new RowTable("imported", HeldRows.of(table.rows(), StorageLevel.MEMORY_AND_DISK()));
    cached.add(rows);
    return rows;
  }

  /** Frees the tables. */
  @Override
  public void close() {
    cached.forEach(RowTable::unpersist);
  }
}
