package dev.coppice.spark;

import dev.coppice.core.als.Side;
import dev.coppice.core.als.SweepRecord;
import dev.coppice.core.error.BadInputException;
import dev.coppice.spark.als.AlsTraining;
import dev.coppice.spark.als.InitialTables;
import dev.coppice.spark.als.TrainedTables;
import dev.coppice.spark.als.TrainingListener;
import dev.coppice.spark.als.TrainingSummary;
import dev.coppice.spark.checkpoint.Checkpoints;
import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.ModelInfo;
import dev.coppice.spark.table.RowTable;
import dev.coppice.spark.table.Schemas;
import dev.coppice.spark.table.TableEdits;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a Dataset into the form that {@link AlsTraining} takes, and its rows into a model. */
final class Fitting {
  private static final Logger LOG = LoggerFactory.getLogger(Fitting.class);

  private static final String USER = "user";
  private static final String ITEM = "item";
  private static final String WEIGHT = "weight";
  private static final String HELD_OUT = "heldOut";

  private final AlsConfig config;
  private final DynamicSparseALSModel initial;
  private final TrainingListener listener;
  private final IdType userIds;
  private final IdType itemIds;

  private Fitting(
      AlsConfig config, Dataset<?> data, DynamicSparseALSModel initial, TrainingListener listener) {
    this.config = config;
    this.initial = initial;
    this.listener = listener;
    userIds = Schemas.requireId(data.schema(), "userCol", config.columns().user());
    itemIds = Schemas.requireId(data.schema(), "itemCol", config.columns().item());
  }

  /**
   * Trains a model; the caller sets its parent and Params.
   *
   * @param initial the model to start from; null for that of Param initialModel, if any
   * @param checkpoints durable state of the run; null for none
   */
  static DynamicSparseALSModel fit(
      DynamicSparseALS estimator,
      Dataset<?> data,
      DynamicSparseALSModel initial,
      Checkpoints checkpoints) {
    AlsConfig config = AlsConfig.of(estimator);
    VectorAdvice.sayOnce();
    DynamicSparseALSModel start =
        initial == null ? config.initial().model().map(InitialModel::load).orElse(null) : initial;
    TrainingListener log = Fitting::log;
    return new Fitting(config, data, start, log.and(estimator.listener()))
        .train(estimator.uid(), data, checkpoints);
  }

  /** Returns the rows of the data that are trained on. */
  static Dataset<?> trainingRows(DynamicSparseALS estimator, Dataset<?> data) {
    String column = estimator.getValidationCol();
    return column.isEmpty()
        ? data
        : data.where(
            functions.not(
                functions.coalesce(functions.col(Schemas.quoted(column)), functions.lit(false))));
  }

  private DynamicSparseALSModel train(String uid, Dataset<?> data, Checkpoints checkpoints) {
    if (initial != null) {
      InitialModel.requireFit(initial, config, userIds, itemIds);
    }
    Dataset<Row> rows = columns(data);
    if (userIds.isString() || itemIds.isString()) {
      // Before ids become numbers; otherwise training looks at the rows as it lays them out.
      check(rows);
    }
    Dataset<Row> training = rows.where(functions.not(functions.col(HELD_OUT)));
    boolean keep = initial != null && config.initial().keepVanished();
    NumberedIds users = NumberedIds.of(training, USER, userIds, keep ? initial.userRows() : null);
    NumberedIds items = NumberedIds.of(training, ITEM, itemIds, keep ? initial.itemRows() : null);
    try {
      return train(uid, rows, users, items, checkpoints);
    } catch (BadInputException e) {
      // If it is about the rows, this tells how many, and in which column.
      check(rows);
      throw e;
    } finally {
      users.release();
      items.release();
    }
  }

  private DynamicSparseALSModel train(
      String uid,
      Dataset<Row> rows,
      NumberedIds users,
      NumberedIds items,
      Checkpoints checkpoints) {
    SparkSession session = rows.sparkSession();
    Dataset<Row> training = rows.where(functions.not(functions.col(HELD_OUT)));
    Dataset<Row> heldOut =
        config.columns().validation().isPresent()
            ? coded(rows.where(functions.col(HELD_OUT)), users, items)
            : null;
    TrainedTables trained =
        new AlsTraining(
                session,
                config.spec(),
                checkpoints,
                (side, table) -> (side == Side.USERS ? users : items).named(table),
                config.finalStorageLevel())
            .train(coded(training, users, items), heldOut, initial(users, items), listener);
    DynamicSparseALSModel model =
        new DynamicSparseALSModel(uid, info(trained.summary()), trained.users(), trained.items());
    model.setSummary(trained.summary());
    return model;
  }

  /** Returns user, item, weight and whether the row is held out. */
  private Dataset<Row> columns(Dataset<?> data) {
    Column weight =
        config
            .columns()
            .rating()
            .map(column -> functions.col(Schemas.quoted(column)).cast(DataTypes.FloatType))
            .orElse(functions.lit(1f));
    Column heldOut =
        config
            .columns()
            .validation()
            .map(
                column ->
                    functions.coalesce(functions.col(Schemas.quoted(column)), functions.lit(false)))
            .orElse(functions.lit(false));
    return data.select(
        key(config.columns().user(), userIds).as(USER),
        key(config.columns().item(), itemIds).as(ITEM),
        weight.as(WEIGHT),
        heldOut.as(HELD_OUT));
  }

  private static Column key(String column, IdType type) {
    return functions
        .col(Schemas.quoted(column))
        .cast(type.isString() ? DataTypes.StringType : DataTypes.LongType);
  }

  private void check(Dataset<Row> rows) {
    Column weight = functions.col(WEIGHT);
    double least = config.spec().objective().needsGramian() ? 0 : -Float.MAX_VALUE;
    Column bad =
        weight
            .isNull()
            .or(functions.isnan(weight))
            .or(weight.lt(functions.lit(least)))
            .or(weight.gt(functions.lit(Float.MAX_VALUE)));
    Row counts =
        rows.agg(
                functions.count_if(functions.col(USER).isNull()),
                functions.count_if(functions.col(ITEM).isNull()),
                functions.count_if(bad))
            .head();
    refuse(counts.getLong(0), "userCol '" + config.columns().user() + "'", "no id");
    refuse(counts.getLong(1), "itemCol '" + config.columns().item() + "'", "no id");
    refuse(
        counts.getLong(2),
        "ratingCol '" + config.columns().rating().orElse("") + "'",
        least == 0 ? "a weight that is missing, below 0 or not finite" : "no finite rating");
  }

  private static void refuse(long count, String column, String what) {
    if (count > 0) {
      throw new BadInputException(
          count + " rows have in " + column + " " + what + "; leave these rows out or repair them");
    }
  }

  /** Returns item, user, weight, by number. */
  private static Dataset<Row> coded(Dataset<Row> rows, NumberedIds users, NumberedIds items) {
    return items.code(users.code(rows, USER), ITEM).select(ITEM, USER, WEIGHT);
  }

  private InitialTables initial(NumberedIds users, NumberedIds items) {
    return initial == null
        ? null
        : new InitialTables(
            users.numbered(initial.userTable(), config.spec().rule().protects()),
            items.numbered(initial.itemTable(), config.spec().rule().protects()),
            config.initial().keepVanished(),
            config.initial().keepBudget()
                ? new InitialTables.Kept(
                    initial.userTable().size().stored(), initial.itemTable().size().stored())
                : null);
  }

  private ModelInfo info(TrainingSummary summary) {
    double perUser = summary.meanUserDegree();
    double perItem = summary.meanItemDegree();
    return new ModelInfo(
        config.spec().shape().rank(),
        config.spec().shape().density(),
        summary.userBudget().weights(),
        summary.itemBudget().weights(),
        config.spec().objective(),
        config.spec().objective().confidenceScale(perUser, perItem),
        perUser,
        perItem,
        config.spec().seed(),
        summary.bestSweep(),
        summary.userBytes(),
        summary.itemBytes(),
        "",
        config.asText(),
        summary.sweeps().get(summary.bestSweep() - 1).metrics());
  }

  private static void log(SweepRecord sweep) {
    LOG.info(
        "sweep {}: loss {}, moved {} user and {} item weights, metrics {}, {} s",
        sweep.sweep(),
        sweep.loss(),
        sweep.userMoved(),
        sweep.itemMoved(),
        sweep.metrics(),
        sweep.seconds());
  }

  /** Numbers for string ids, by ascending id; numbers stand for themselves. */
  private record NumberedIds(IdType type, Dataset<Row> entries) {

    /**
     * Numbers the ids of a column.
     *
     * @param more rows whose column {@code id} is numbered too; null for none
     */
    static NumberedIds of(Dataset<Row> rows, String column, IdType type, Dataset<Row> more) {
      if (!type.isString()) {
        return new NumberedIds(type, null);
      }
      Dataset<Row> ids = rows.select(functions.col(column).as("id"));
      Dataset<Row> all = more == null ? ids : ids.union(more.select("id"));
      return new NumberedIds(type, TableEdits.numbered(all.distinct()).persist());
    }

    /** Replaces ids by numbers; an id outside the dictionary gets a number of its own below 0. */
    Dataset<Row> code(Dataset<Row> rows, String column) {
      if (entries == null) {
        return rows;
      }
      Dataset<Row> codes = entries.select(functions.col("id").as(column), functions.col("index"));
      Column stranger = TableEdits.stranger(column);
      return rows.join(codes, new String[] {column}, "left")
          .withColumn(column, functions.coalesce(functions.col("index"), stranger))
          .drop("index");
    }

    /**
     * Returns (id, dims, weights), by number.
     *
     * @param important whether importance is wanted too, if the table has it
     */
    Dataset<Row> numbered(RowTable table, boolean important) {
      Dataset<Row> coded =
          entries == null ? table.rows() : TableEdits.withIndices(table, entries).rows();
      List<Column> columns = new ArrayList<>();
      columns.add(functions.col("id").cast(DataTypes.LongType));
      columns.add(functions.col("dims"));
      columns.add(functions.col("weights"));
      if (important && table.hasImportance()) {
        columns.add(functions.col(RowTable.IMPORTANCE));
      }
      return coded.select(columns.toArray(new Column[0]));
    }

    /** Returns a table with ids of this type. */
    Dataset<Row> named(Dataset<Row> table) {
      if (entries == null) {
        return type == IdType.LONG
            ? table
            : table.withColumn("id", functions.col("id").cast(type.sqlType()));
      }
      return table
          .withColumnRenamed("id", "index")
          .join(entries, new String[] {"index"})
          .drop("index");
    }

    void release() {
      if (entries != null) {
        entries.unpersist();
      }
    }
  }
}
