package dev.coppice.job.train;

import dev.coppice.core.als.SweepRecord;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.table.Budget;
import dev.coppice.core.table.ByteAccount;
import dev.coppice.job.frame.JobContext;
import dev.coppice.observe.Event;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.als.TrainingListener;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Tells of training as it goes: as events, and as lines of progress. */
final class TrainingEvents implements TrainingListener {
  private final JobContext context;
  private final int sweeps;

  /**
   * A listener for one run of training.
   *
   * @param sweeps how many sweeps there will be at most
   */
  TrainingEvents(JobContext context, int sweeps) {
    this.context = context;
    this.sweeps = sweeps;
  }

  @Override
  public void planned(Budget users, Budget items) {
    ByteAccount userBytes = ByteAccount.of(users.rows(), users.weights());
    ByteAccount itemBytes = ByteAccount.of(items.rows(), items.weights());
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("users", users.rows());
    fields.put("items", items.rows());
    fields.put("tableWeights", users.weights() + items.weights());
    fields.put("tableBytes", userBytes.tableBytes() + itemBytes.tableBytes());
    context.tell(Event.Type.PLAN, fields);
  }

  @Override
  public void swept(SweepRecord sweep) {
    if (sweep.updateRatio() > 0) {
      Map<String, Object> moved = new LinkedHashMap<>();
      moved.put("sweep", sweep.sweep());
      moved.put("updateRatio", sweep.updateRatio());
      moved.put("userMoved", sweep.userMoved());
      moved.put("itemMoved", sweep.itemMoved());
      moved.put("userBytes", sweep.userExplorationBytes());
      moved.put("itemBytes", sweep.itemExplorationBytes());
      context.tell(Event.Type.EXPLORATION, moved);
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("sweep", sweep.sweep());
    fields.put("sweepSeconds", sweep.seconds());
    fields.put("loss", sweep.loss());
    fields.put("weightsMoved", sweep.userMoved() + sweep.itemMoved());
    fields.put("metrics", sweep.metrics());
    context.tell(Event.Type.SWEEP, fields);
    context.say(
        String.format(
            Locale.ROOT,
            "sweep %d of %d, %.1f s, loss %.6g%s",
            sweep.sweep(),
            sweeps,
            sweep.seconds(),
            sweep.loss(),
            sweep.metrics().isEmpty() ? "" : ", validation " + MetricKey.inWords(sweep.metrics())));
  }

  @Override
  public void tried(String what, Map<String, Double> metrics) {
    context.say(what + ": validation " + MetricKey.inWords(metrics));
  }

  @Override
  public void checkpointed(int sweep, boolean made, double seconds, String place) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("sweep", sweep);
    fields.put("ok", made);
    fields.put("seconds", seconds);
    fields.put("place", place);
    context.tell(Event.Type.CHECKPOINT, fields);
  }

  /**
   * Tells that training ended.
   *
   * @param place where the model is going to be
   */
  void trained(String place, DynamicSparseALSModel model) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("bestSweep", model.info().bestSweep());
    fields.put("sweeps", model.summary().orElseThrow().sweeps().size());
    fields.put("interactions", model.summary().orElseThrow().interactions());
    fields.put(
        "tableWeights", model.info().userBytes().stored() + model.info().itemBytes().stored());
    fields.put(
        "tableBytes",
        model.info().userBytes().tableBytes() + model.info().itemBytes().tableBytes());
    fields.put("metrics", model.info().metrics());
    fields.put("model", place);
    context.tell(Event.Type.TRAINED, fields);
  }
}
