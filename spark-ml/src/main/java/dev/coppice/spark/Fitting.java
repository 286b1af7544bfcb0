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
import dev.coppice.spark.table.ModelInfo;
import dev.coppice.spark.table.Schemas;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a Dataset into the form that {@link AlsTraining} takes, and its rows into a model. */
final class Fitting {
  private static final Logger LOG = LoggerFactory.getLogger(Fitting.class);

  private final AlsConfig config;
  private final DynamicSparseALSModel initial;
  private final TrainingListener listener;
  private final InteractionColumns columns;

  private Fitting(
      AlsConfig config, Dataset<?> data, DynamicSparseALSModel initial, TrainingListener listener) {
    this.config = config;
    this.initial = initial;
    this.listener = listener;
    columns =
        InteractionColumns.in(data, config.columns(), !config.spec().objective().needsGramian());
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
      InitialModel.requireFit(initial, config, columns.userIds(), columns.itemIds());
    }
    Dataset<Row> rows = columns.of(data);
    if (columns.userIds().isString() || columns.itemIds().isString()) {
      // Before ids become numbers; otherwise training looks at the rows as it lays them out.
      columns.check(rows);
    }
    Dataset<Row> training = rows.where(functions.not(functions.col(InteractionColumns.HELD_OUT)));
    boolean keep = initial != null && config.initial().keepVanished();
    NumberedIds users =
        NumberedIds.of(
            training, InteractionColumns.USER, columns.userIds(), keep ? initial.userRows() : null);
    NumberedIds items =
        NumberedIds.of(
            training, InteractionColumns.ITEM, columns.itemIds(), keep ? initial.itemRows() : null);
    try {
      return train(uid, rows, users, items, checkpoints);
    } catch (BadInputException e) {
      // If it is about the rows, this tells how many, and in which column.
      columns.check(rows);
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
    Dataset<Row> training = rows.where(functions.not(functions.col(InteractionColumns.HELD_OUT)));
    Dataset<Row> heldOut =
        config.columns().validation().isPresent()
            ? coded(rows.where(functions.col(InteractionColumns.HELD_OUT)), users, items)
            : null;
    TrainedTables trained =
        new AlsTraining(
                session,
                config.spec(),
                checkpoints,
                (side, table) -> (side == Side.USERS ? users : items).named(table),
                config.finalStorageLevel())
            .train(coded(training, users, items), heldOut, initial(users, items), listener);
    ModelInfo info = info(trained.summary());
    DynamicSparseALSModel model =
        config.neighbours().isPresent()
            ? hybrid(uid, info, trained, rows, users, items)
            : new DynamicSparseALSModel(uid, info, trained.users(), trained.items());
    model.setSummary(trained.summary());
    return model;
  }

  private DynamicSparseALSModel hybrid(
      String uid,
      ModelInfo info,
      TrainedTables latent,
      Dataset<Row> rows,
      NumberedIds users,
      NumberedIds items) {
    Dataset<Row> training = rows.where(functions.not(functions.col(InteractionColumns.HELD_OUT)));
    boolean validated = config.columns().validation().isPresent();
    LinkedTables neighbours = null;
    try {
      neighbours =
          LinkedTables.of(
              coded(training, users, items),
              config.neighbours().orElseThrow().spec(),
              users,
              items,
              config.finalStorageLevel());
      HybridFitting.Hybrid hybrid =
          new HybridFitting(
                  config.scoring(),
                  training,
                  validated ? rows.where(functions.col(InteractionColumns.HELD_OUT)) : null,
                  config.spec().metrics().get(0))
              .of(latent, neighbours, config.neighbours().orElseThrow());
      Map<String, String> settings = new TreeMap<>(info.configuration());
      settings.put(NeighbourKeys.NEIGHBOUR_SCALE.name(), String.valueOf(hybrid.scale()));
      DynamicSparseALSModel model =
          new DynamicSparseALSModel(
              uid,
              info.withConfiguration(settings).withMetrics(hybrid.metrics()),
              hybrid.users(),
              hybrid.items());
      model.setNeighbourSummary(neighbours.summary());
      return model;
    } finally {
      latent.users().unpersist();
      latent.items().unpersist();
      if (neighbours != null) {
        neighbours.release();
      }
    }
  }

  /** Returns item, user, weight, by number. */
  private static Dataset<Row> coded(Dataset<Row> rows, NumberedIds users, NumberedIds items) {
    return items
        .code(users.code(rows, InteractionColumns.USER), InteractionColumns.ITEM)
        .select(InteractionColumns.ITEM, InteractionColumns.USER, InteractionColumns.WEIGHT);
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
}
