package dev.coppice.spark;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.error.BadInputException;
import dev.coppice.files.FileFault;
import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.RowTable;
import java.util.Locale;
import org.apache.hadoop.fs.Path;

/** A saved model that training starts from, checked before it is used. */
public final class InitialModel {
  private InitialModel() {}

  /**
   * Loads a model and reads its tables through once.
   *
   * @throws BadInputException if there is none, it cannot be read, or rows are missing; failures of
   *     the cluster go through as they are
   */
  public static DynamicSparseALSModel load(String path) {
    try {
      DynamicSparseALSModel model = DynamicSparseALSModel.load(path);
      requireWhole(path, "user", model.userTable());
      requireWhole(path, "item", model.itemTable());
      return model;
    } catch (Exception e) {
      // Spark throws checked exceptions without declaring them.
      if (!FileFault.explains(e, new Path(path))) {
        throw e;
      }
      throw new BadInputException(
          "initialModel = \""
              + path
              + "\" cannot be read: "
              + e.getMessage()
              + ". Give the directory of a whole model, or leave initialModel out.",
          e);
    }
  }

  private static void requireWhole(String path, String what, RowTable table) {
    RowTable.Size told = table.size();
    RowTable.Size found = new RowTable(what, table.rows()).size();
    if (found.rows() != told.rows() || found.stored() != told.stored()) {
      throw new BadInputException(
          "initialModel = \""
              + path
              + "\" is damaged: its "
              + what
              + " table holds "
              + found.rows()
              + " rows with "
              + found.stored()
              + " weights, its coppice.json tells "
              + told.rows()
              + " with "
              + told.stored()
              + ". Restore it, or leave initialModel out.");
    }
  }

  /**
   * Checks that training can start from a model.
   *
   * @throws BadInputException naming both ranks or both types of ids
   */
  static void requireFit(
      DynamicSparseALSModel model, AlsConfig config, IdType users, IdType items) {
    if (model.rank() != config.spec().shape().rank()) {
      throw new BadInputException(
          "the initial model has rank "
              + model.rank()
              + ", and rank is "
              + config.spec().shape().rank()
              + "; set rank = "
              + model.rank()
              + ", or start without it");
    }
    requireBias(model, config.spec().objective().itemBias());
    if (config.spec().objective().nonnegative() && !model.info().objective().nonnegative()) {
      requireNonnegative("the initial model", model.userTable(), model.itemTable());
    }
    requireType("user", model.userTable().idType(), users);
    requireType("item", model.itemTable().idType(), items);
  }

  /**
   * Checks that the scores of a model can stand for what it was trained on.
   *
   * @throws BadInputException if too many periods were trained so already, or the model predicts
   *     something else
   */
  static void requireScores(
      DynamicSparseALSModel model, AlsConfig config, AlsConfig.Scores scores) {
    int periods = model.info().periodsFromScores();
    if (periods >= scores.limit()) {
      throw new BadInputException(
          "the initial model has "
              + periods
              + " periods in a row behind it that were trained with history = scores, and"
              + " scoresLimit is "
              + scores.limit()
              + "; each drifts a little from the data: train on all interactions now (history ="
              + " read), or raise scoresLimit");
    }
    AlsObjective.Feedback before = model.info().objective().feedback();
    AlsObjective.Feedback now = config.spec().objective().feedback();
    if (before != now) {
      throw new BadInputException(
          "history is scores, but the initial model predicts "
              + before.name().toLowerCase(Locale.ROOT)
              + " feedback, and this run "
              + now.name().toLowerCase(Locale.ROOT)
              + "; set implicitPrefs and alpha as they were, or history = read");
    }
  }

  /**
   * Checks that a model's rows mean what those of the run mean.
   *
   * @param wanted whether the run has item biases
   * @throws BadInputException if the model has biases and the run has not, or the other way round
   */
  static void requireBias(DynamicSparseALSModel model, boolean wanted) {
    boolean has = model.info().objective().itemBias();
    if (has != wanted) {
      throw new BadInputException(
          "the initial model was trained with itemBias = "
              + has
              + ", and itemBias is "
              + wanted
              + "; dimension 0 of its rows "
              + (has ? "holds biases" : "is one like the others")
              + ": train with itemBias = "
              + has
              + ", or start without it");
    }
  }

  /**
   * Checks that no row holds a weight below 0. Such weights are not set to 0 instead: what is left
   * of a row would not be what was learnt.
   *
   * @param what holds the tables
   * @throws BadInputException naming the table
   */
  static void requireNonnegative(String what, RowTable users, RowTable items) {
    boolean inUsers = users.hasNegative();
    if (inUsers || items.hasNegative()) {
      throw new BadInputException(
          "nonnegative is true, but "
              + what
              + " holds weights below 0 in its table of "
              + (inUsers ? "users" : "items")
              + ": start from one that was trained with nonnegative = true, or set nonnegative ="
              + " false");
    }
  }

  /**
   * Checks that clients can start from a model.
   *
   * @throws BadInputException if it has item biases, nonnegative weights or neighbours
   */
  static void requireForClients(DynamicSparseALSModel model) {
    if (model.itemTable().hasLinks()) {
      throw new BadInputException(
          "the initial model has neighbours, which clients cannot take over: train it with"
              + " family = latent, or start without it");
    }
    if (model.info().objective().itemBias()) {
      throw new BadInputException(
          "the initial model has item biases (itemBias = true), which clients cannot learn: train"
              + " it with itemBias = false, or start without it");
    }
    if (model.info().objective().nonnegative()) {
      throw new BadInputException(
          "the initial model has nonnegative weights (nonnegative = true), which clients do not"
              + " keep to: train it with nonnegative = false, or start without it");
    }
  }

  /**
   * Checks that the ids of a model's table can be those of the data.
   *
   * @throws BadInputException naming both types
   */
  public static void requireType(String what, IdType model, IdType data) {
    if (model.isString() != data.isString()) {
      throw new BadInputException(
          "the initial model has "
              + what
              + " ids of type "
              + model.key()
              + ", the data have "
              + data.key()
              + "; both must be strings, or both numbers");
    }
  }
}
