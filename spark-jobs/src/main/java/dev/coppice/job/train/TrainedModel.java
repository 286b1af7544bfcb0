package dev.coppice.job.train;

import dev.coppice.core.als.Side;
import dev.coppice.core.als.SweepRecord;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.job.frame.Facts;
import dev.coppice.job.frame.JobContext;
import dev.coppice.report.ChoiceFacts;
import dev.coppice.report.DimensionUse;
import dev.coppice.report.ReportFiles;
import dev.coppice.report.RowDistribution;
import dev.coppice.report.SweepFacts;
import dev.coppice.report.TrainReport;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.LatentKeys;
import dev.coppice.spark.NeighbourKeys;
import dev.coppice.spark.items.NeighbourSummary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/** A model that an estimator trained on a data set, with metrics.json and report.html. */
abstract class TrainedModel implements TrainedRun.Trained<TrainReport> {
  private final ModelTraining training;
  private final DynamicSparseALSModel trained;
  private final DynamicSparseALSModel named;

  /**
   * A model to be saved.
   *
   * @param trained as {@link ModelTraining#train} gives it
   * @param named as {@link ModelTraining#named} gives it
   */
  TrainedModel(ModelTraining training, DynamicSparseALSModel trained, DynamicSparseALSModel named) {
    this.training = training;
    this.trained = trained;
    this.named = named;
  }

  /** Returns what the model was trained on and by. */
  final ModelTraining training() {
    return training;
  }

  /** Returns the model; its ids are the data set's indices. */
  final DynamicSparseALSModel trained() {
    return trained;
  }

  @Override
  public final void save(Path directory) throws Exception {
    training
        .context()
        .phase(
            "save",
            () -> {
              named.write().save(directory.toString());
              return directory;
            });
  }

  @Override
  public TrainReport report() throws Exception {
    return training.context().phase("report", this::facts);
  }

  private TrainReport facts() {
    JobContext context = training.context();
    ConfigValues values = training.values();
    int rank = trained.rank();
    List<SweepFacts> sweeps = new ArrayList<>();
    for (SweepRecord sweep : trained.summary().orElseThrow().sweeps()) {
      sweeps.add(
          new SweepFacts(
              sweep.sweep(),
              sweep.seconds(),
              sweep.loss(),
              sweep.updateRatio(),
              sweep.userMoved(),
              sweep.itemMoved(),
              sweep.metrics()));
    }
    TableFacts.Dimensions users = TableFacts.dimensions(trained.userRows(), rank);
    TableFacts.Dimensions items = TableFacts.dimensions(trained.itemRows(), rank);
    return new TrainReport(
            Facts.run(context, values, values.get(LatentKeys.SEED)),
            Facts.data(training.data(), trained.summary().orElseThrow().interactions()),
            context.seconds(),
            sweeps,
            trained.info().bestSweep(),
            trained.info().metrics(),
            trained.summary().orElseThrow().popularity(),
            Facts.model(trained),
            new RowDistribution(
                TableFacts.bands(trained.userRows(), rank),
                TableFacts.bands(trained.itemRows(), rank)),
            new DimensionUse(
                users.counts(),
                items.counts(),
                StrongestDimensions.of(
                    users.squares(),
                    items.squares(),
                    trained.itemRows(),
                    training.data().items(),
                    training.titles())))
        .withChoices(
            trained.choices().stream()
                .map(choice -> new ChoiceFacts(choice.name(), choice.value(), choice.reason()))
                .toList());
  }

  @Override
  public final void write(TrainReport report, Path directory) throws IOException {
    ReportFiles.write(report, directory, training.context().hadoop());
  }

  /** What was chosen from the data, and what became of the rows of an initial model. */
  final List<String> startLines() {
    List<String> lines = new ArrayList<>();
    trained.choices().forEach(choice -> lines.add("chosen: " + choice));
    trained
        .summary()
        .orElseThrow()
        .start()
        .forEach(
            (side, counts) ->
                lines.add(
                    String.format(
                        Locale.ROOT,
                        "start: %,d %s known, %,d new, %,d vanished; %,d weights pruned, %,d grown",
                        counts.known(),
                        side == Side.USERS ? "users" : "items",
                        counts.added(),
                        counts.vanished(),
                        counts.pruned(),
                        counts.grown())));
    return lines;
  }

  private String neighbourLine(NeighbourSummary summary) {
    // Neighbours alone have none.
    String scale = trained.info().configuration().get(NeighbourKeys.NEIGHBOUR_SCALE.name());
    String line =
        String.format(
            Locale.ROOT,
            "neighbours: %,d weights of a budget of %,d (%,d bytes with their positions)%s; %,d"
                + " items have none",
            summary.weights(),
            summary.budget(),
            Facts.neighbourBytes(trained),
            scale == null ? "" : ", scale " + scale,
            summary.lonelyItems());
    return summary.cutHistories() == 0
        ? line
        : line
            + String.format(
                Locale.ROOT, "; %,d users have more than maxHistory items", summary.cutHistories());
  }

  /** The size of the model, and where it and its report are, if there is one. */
  final List<String> placeLines(Optional<TrainReport> report) {
    List<String> lines = new ArrayList<>(Facts.account(Facts.model(trained.info())));
    trained.neighbourSummary().ifPresent(summary -> lines.add(neighbourLine(summary)));
    lines.add("model: " + training.target());
    if (report.isPresent()) {
      String place = training.values().find(TrainKeys.OUTPUT).orElse(training.target());
      lines.add("report: " + place + "/" + ReportFiles.PAGE);
    }
    return lines;
  }
}
