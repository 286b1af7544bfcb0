package dev.coppice.spark;

import dev.coppice.core.als.Side;
import dev.coppice.core.als.SweepRecord;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.table.ModelBytes;
import dev.coppice.spark.als.AlsTraining;
import dev.coppice.spark.als.InitialTables;
import dev.coppice.spark.als.TrainedTables;
import dev.coppice.spark.als.TrainingListener;
import dev.coppice.spark.als.TrainingSummary;
import dev.coppice.spark.checkpoint.Checkpoints;
import dev.coppice.spark.held.HeldRows;
import dev.coppice.spark.items.NeighbourSpec;
import dev.coppice.spark.items.NeighbourSummary;
import dev.coppice.spark.table.ModelInfo;
import dev.coppice.spark.table.Schemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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
  private final List<Choice> choices;
  private final OptionalLong aloneBytes;

  private Fitting(
      AutoParams<? extends AlsEstimator<?>> chosen,
      InteractionColumns columns,
      DynamicSparseALSModel initial,
      TrainingListener listener,
      OptionalLong aloneBytes) {
    config = AlsConfig.of(chosen.stage());
    choices = chosen.choices();
    this.columns = columns;
    this.initial = initial;
    this.listener = listener;
    this.aloneBytes = aloneBytes;
  }

  /**
   * Trains a model; the caller sets its parent and Params.
   *
   * @param initial the model to start from; null for that of Param initialModel, if any
   * @param checkpoints durable state of the run; null for none
   */
  static <E extends AlsEstimator<E>> DynamicSparseALSModel fit(
      E estimator, Dataset<?> data, DynamicSparseALSModel initial, Checkpoints checkpoints) {
    AlsConfig config = AlsConfig.of(AutoParams.provisional(estimator));
    VectorAdvice.sayOnce();
    DynamicSparseALSModel start =
        initial == null ? config.initial().model().map(InitialModel::load).orElse(null) : initial;
    TrainingListener log = Fitting::log;
    InteractionColumns columns =
        InteractionColumns.in(data, config.columns(), !config.spec().objective().needsGramian());
    AutoParams<E> chosen =
        config.initial().scores().isPresent()
            ? AutoParams.as(estimator, requireInitial(start).info().objective())
            : AutoParams.of(estimator, () -> training(columns.of(data)));
    DynamicSparseALSModel model =
        new Fitting(chosen, columns, start, log.and(estimator.listener()), estimator.aloneBytes())
            .train(estimator.uid(), data, checkpoints);
    // Its state would be taken for that of the first run.
    return estimator
        .alternative(model)
        .map(other -> better(model, fit(other, data, initial, null)))
        .orElse(model);
  }

  private static DynamicSparseALSModel requireInitial(DynamicSparseALSModel initial) {
    if (initial == null) {
      throw new IllegalArgumentException(
          "history is scores, but there is no model whose scores could be kept: set initialModel,"
              + " or history = read");
    }
    return initial;
  }

  /** Of equally good ones, the first; what was chosen tells both. */
  private static DynamicSparseALSModel better(
      DynamicSparseALSModel first, DynamicSparseALSModel second) {
    String metric = first.info().metrics().keySet().iterator().next();
    double before = first.info().metrics().get(metric);
    double after = second.info().metrics().get(metric);
    DynamicSparseALSModel kept = after > before ? second : first;
    DynamicSparseALSModel other = after > before ? first : second;
    Choice family =
        new Choice(
            NeighbourKeys.FAMILY.name(),
            kept.family(),
            String.format(
                Locale.ROOT,
                "%s on the validation part is %s %.4f, and %s with all the bytes %.4f",
                metric,
                first.family(),
                before,
                second.family(),
                after));
    kept.setFit(
        new FitRecord(
            kept.summary().orElseThrow(),
            kept.neighbourSummary().orElse(null),
            Choice.with(kept.choices(), family)));
    other.unpersist();
    return kept;
  }

  private static Dataset<Row> training(Dataset<Row> rows) {
    return rows.where(functions.not(functions.col(InteractionColumns.HELD_OUT)));
  }

  /** Returns the rows of the data that are trained on. */
  static Dataset<?> trainingRows(AlsEstimator<?> estimator, Dataset<?> data) {
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
      config
          .initial()
          .scores()
          .ifPresent(scores -> InitialModel.requireScores(initial, config, scores));
    }
    Dataset<Row> rows = columns.of(data);
    if (columns.userIds().isString() || columns.itemIds().isString()) {
      // Before ids become numbers; otherwise training looks at the rows as it lays them out.
      columns.check(rows);
    }
    Dataset<Row> training = training(rows);
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
    } catch (Exception e) {
      NumberedIds.refuseChanged(e);
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
    Dataset<Row> heldOut =
        config.columns().validation().isPresent()
            ? rows.where(functions.col(InteractionColumns.HELD_OUT))
            : null;
    Dataset<Row> training = training(rows);
    Dataset<Row> coded =
        chosen(
            items.codeNumbered(
                users.codeNumbered(training, InteractionColumns.USER), InteractionColumns.ITEM));
    if (config.neighbours().isEmpty()) {
      return latentModel(uid, latent(coded, heldOut, users, items, checkpoints), choices);
    }
    AlsConfig.Neighbours told = config.neighbours().orElseThrow();
    TrainedTables latent =
        told.family().hasRows() ? latent(coded, heldOut, users, items, checkpoints) : null;
    LinkedTables neighbours = null;
    LinkedTables alone = null;
    PartsFitting.Fitted fitted = null;
    try {
      neighbours = linked(coded, told.spec(), users, items);
      Dataset<Row> judged = heldOut == null || heldOut.isEmpty() ? null : heldOut;
      if (judged != null && aloneBytes.isPresent()) {
        alone = linked(coded, aloneSpec(told.spec(), neighbours.summary()), users, items);
      }
      fitted =
          new PartsFitting(config, training, judged, latent, neighbours, alone, listener).of(told);
      List<Choice> all = new ArrayList<>(choices);
      all.addAll(fitted.choices());
      if (fitted.family() == Family.LATENT) {
        return latentModel(uid, latent, all);
      }
      if (fitted.family() == Family.HYBRID || alone == null) {
        return model(uid, fitted, latent, neighbours, all);
      }
      Choice perItem =
          new Choice(
              NeighbourKeys.NEIGHBOURS.name(),
              String.valueOf(aloneSpec(told.spec(), alone.summary()).perItem()),
              "they have all the bytes");
      return model(uid, fitted, latent, alone, Choice.with(all, perItem));
    } finally {
      if (latent != null && (fitted == null || fitted.family() != Family.LATENT)) {
        HeldRows.release(latent.users());
        HeldRows.release(latent.items());
      }
      if (neighbours != null) {
        neighbours.release();
      }
      if (alone != null) {
        alone.release();
      }
    }
  }

  private NeighbourSpec aloneSpec(NeighbourSpec beside, NeighbourSummary counts) {
    ModelBytes bytes = new ModelBytes(counts.users(), counts.items());
    return beside.withPerItem(ByteSplit.neighboursWithin(bytes, aloneBytes.getAsLong()));
  }

  private LinkedTables linked(
      Dataset<Row> coded, NeighbourSpec spec, NumberedIds users, NumberedIds items) {
    return LinkedTables.of(coded, spec, users, items, config.finalStorageLevel());
  }

  private TrainedTables latent(
      Dataset<Row> coded,
      Dataset<Row> heldOut,
      NumberedIds users,
      NumberedIds items,
      Checkpoints checkpoints) {
    return new AlsTraining(
            coded.sparkSession(),
            config.spec(),
            checkpoints,
            (side, table) -> (side == Side.USERS ? users : items).named(table),
            config.finalStorageLevel())
        .train(
            coded,
            heldOut == null ? null : coded(heldOut, users, items),
            initial(users, items),
            listener);
  }

  private DynamicSparseALSModel latentModel(
      String uid, TrainedTables trained, List<Choice> chosen) {
    DynamicSparseALSModel model =
        new DynamicSparseALSModel(
            uid, info(trained.summary(), chosen), trained.users(), trained.items());
    model.setFit(new FitRecord(trained.summary(), null, chosen));
    return model;
  }

  private DynamicSparseALSModel model(
      String uid,
      PartsFitting.Fitted fitted,
      TrainedTables latent,
      LinkedTables neighbours,
      List<Choice> chosen) {
    TrainingSummary summary =
        fitted.family() == Family.ITEMS
            ? neighbours.trainingSummary(config.spec().shape().rank(), fitted.popularity())
            : latent.summary();
    DynamicSparseALSModel model =
        new DynamicSparseALSModel(
            uid,
            info(summary, chosen).withMetrics(fitted.metrics()),
            fitted.users(),
            fitted.items());
    model.setFit(new FitRecord(summary, neighbours.summary(), chosen));
    return model;
  }

  /** Returns item, user, weight, by number. */
  private static Dataset<Row> coded(Dataset<Row> rows, NumberedIds users, NumberedIds items) {
    return chosen(items.code(users.code(rows, InteractionColumns.USER), InteractionColumns.ITEM));
  }

  private static Dataset<Row> chosen(Dataset<Row> coded) {
    return coded.select(
        InteractionColumns.ITEM, InteractionColumns.USER, InteractionColumns.WEIGHT);
  }

  private InitialTables initial(NumberedIds users, NumberedIds items) {
    if (initial == null) {
      return null;
    }
    Optional<AlsConfig.Scores> scores = config.initial().scores();
    boolean protects = config.spec().rule().protects();
    return new InitialTables(
        users.numbered(initial.userTable(), scores.isPresent(), protects),
        items.numbered(initial.itemTable(), scores.isPresent(), protects),
        config.initial().keepVanished(),
        config.initial().keepBudget()
            ? new InitialTables.Kept(
                initial.userTable().size().stored(), initial.itemTable().size().stored())
            : null,
        scores.map(each -> OptionalDouble.of(each.keep())).orElse(OptionalDouble.empty()));
  }

  private ModelInfo info(TrainingSummary summary, List<Choice> chosen) {
    Map<String, String> settings = new TreeMap<>(config.asText());
    settings.putAll(Choice.byName(chosen));
    if (config.initial().scores().isPresent()) {
      settings.put(
          ModelInfo.PERIODS_FROM_SCORES, String.valueOf(initial.info().periodsFromScores() + 1));
    }
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
        settings,
        summary.metrics());
  }

  private static void log(SweepRecord sweep) {
    LOG.info(
        String.format(
            Locale.ROOT,
            "sweep %d: %.1f s, loss %.6g, moved %,d user and %,d item weights%s",
            sweep.sweep(),
            sweep.seconds(),
            sweep.loss(),
            sweep.userMoved(),
            sweep.itemMoved(),
            sweep.metrics().isEmpty() ? "" : ", " + MetricKey.inWords(sweep.metrics())));
  }
}
