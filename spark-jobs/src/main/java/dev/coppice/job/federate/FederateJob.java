package dev.coppice.job.federate;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.SettingException;
import dev.coppice.core.error.UsageException;
import dev.coppice.core.federate.Federation;
import dev.coppice.files.AtomicDirectory;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.frame.Facts;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.job.frame.Places;
import dev.coppice.job.frame.RunLock;
import dev.coppice.job.frame.RunMarker;
import dev.coppice.job.train.TrainKeys;
import dev.coppice.publish.Registry;
import dev.coppice.report.FederationReport;
import dev.coppice.report.ReportFiles;
import dev.coppice.spark.FederationKeys;
import dev.coppice.spark.FederationListener;
import dev.coppice.spark.FederationSummary;
import dev.coppice.spark.GatedFederation;
import dev.coppice.spark.GatedFederationModel;
import dev.coppice.spark.InitialModel;
import dev.coppice.spark.federate.ClientMetrics;
import dev.coppice.spark.federate.StepFault;
import dev.coppice.spark.store.GatedClient;
import dev.coppice.spark.store.GatedStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;

/** Trains one gated sparse model a client beside a global one (docs/federation.md). */
public final class FederateJob implements Job {
  private final StepFault fault;

  /** The job. */
  public FederateJob() {
    this(StepFault.NONE);
  }

  /** With clients that fail where {@code fault} throws. */
  public FederateJob(StepFault fault) {
    this.fault = fault;
  }

  @Override
  public String name() {
    return "federate";
  }

  @Override
  public String summary() {
    return "Trains one gated sparse model a client beside a global one.";
  }

  @Override
  public ConfigSchema schema() {
    return FederateKeys.schema();
  }

  @Override
  public Map<String, String> underWorkDir() {
    return Map.of("input", "data", "output", "federation");
  }

  @Override
  public void check(ConfigValues values) {
    refuseBeside(values, FederateKeys.JOIN, FederateKeys.INITIAL_MODEL);
    refuseBeside(values, FederateKeys.JOIN, FederationKeys.JOINS);
    try {
      estimator(values)
          .validateParams(
              values.find(FederateKeys.JOIN).isPresent()
                  || values.find(FederateKeys.INITIAL_MODEL).isPresent());
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  private static void refuseBeside(ConfigValues values, ConfigKey<?> one, ConfigKey<?> other) {
    if (values.find(one).isPresent() && values.find(other).isPresent()) {
      throw new UsageException(
          one.name() + " and " + other.name() + " are both set; leave one of them out");
    }
  }

  /** The estimator that the settings describe. */
  private static GatedFederation estimator(ConfigValues values) {
    return new GatedFederation("gatedFederation")
        .configure(values)
        // A job loads it itself: it may be a registry.
        .setInitialModel("");
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    String output = values.get(FederateKeys.OUTPUT);
    Places.keepApart(
        context,
        values,
        FederateKeys.OUTPUT,
        List.of(TrainKeys.INPUT, FederateKeys.INITIAL_MODEL, FederateKeys.JOIN));
    if (RunMarker.isDone(context.hadoop(), output, ReportFiles.METRICS, values)) {
      return RunMarker.alreadyDone(output, values);
    }
    return RunLock.during(context.hadoop(), output, () -> federate(context, values, output));
  }

  private JobSummary federate(JobContext context, ConfigValues values, String output)
      throws Exception {
    RunMarker.refuseOther(context.hadoop(), output, ReportFiles.METRICS, name());
    try (AtomicDirectory directory =
        new AtomicDirectory(
            context.hadoop(),
            "output",
            output,
            values.get(CommonKeys.OVERWRITE),
            ReportFiles.METRICS)) {
      FederationInput input = FederationInput.of(context, values);
      GatedFederation estimator =
          estimator(values).setListener(new Rounds(context)).setFault(fault);
      GatedFederationModel model = fit(context, values, input, estimator);
      try {
        context.phase(
            "save the models",
            () -> {
              model.writeTo(directory.temporary());
              return model;
            });
      } finally {
        model.unpersist();
      }
      FederationSummary told = model.summary().orElseThrow();
      FederationReport report =
          new FederationReport(
              Facts.run(context, values, estimator.getSeed()),
              Facts.data(input.set(), told.interactions()),
              context.seconds(),
              input.part(),
              told.itemBuckets(),
              told.dimBlocks(),
              told.globalWeights(),
              told.rounds().stream().map(FederateJob::round).toList(),
              clients(context, model, told, directory.temporary()));
      ReportFiles.write(report, directory.temporary(), context.hadoop());
      directory.publish();
      return summary(report, output, told.leftOut());
    }
  }

  private static GatedFederationModel fit(
      JobContext context, ConfigValues values, FederationInput input, GatedFederation estimator)
      throws IOException {
    Optional<GatedFederationModel> frozen =
        values.find(FederateKeys.JOIN).map(GatedFederationModel::load);
    Optional<String> initial = values.find(FederateKeys.INITIAL_MODEL);
    try {
      if (frozen.isPresent()) {
        return estimator.join(frozen.get(), input.data());
      }
      return estimator.fit(
          input.data(),
          initial.isPresent()
              ? InitialModel.load(Registry.resolve(context.hadoop(), initial.get()))
              : null);
    } catch (SettingException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  /** Tells the job's phases and rounds. */
  private record Rounds(JobContext context) implements FederationListener {
    @Override
    public void round(Federation.RoundRecord record) {
      context.say(
          String.format(
              Locale.ROOT,
              "round %d: %d of %d clients answered, %,d bytes, %.1f s",
              record.round(),
              record.answered().size(),
              record.asked().size(),
              record.bytesReceived(),
              record.seconds()));
    }

    @Override
    public <T> T phase(String name, Callable<T> work) throws Exception {
      return context.phase(name, work);
    }
  }

  private static FederationReport.Round round(FederationSummary.Round round) {
    return new FederationReport.Round(
        round.round(),
        round.seconds(),
        round.bytesReceived(),
        round.largestUpdate(),
        round.asked(),
        round.answered(),
        round.failures());
  }

  private static List<FederationReport.Client> clients(
      JobContext context, GatedFederationModel model, FederationSummary summary, Path place)
      throws IOException {
    List<FederationReport.Client> told = new ArrayList<>();
    for (int number = 0; number < summary.clients().size(); number++) {
      ClientMetrics measured = summary.clients().get(number);
      GatedClient client = model.clientFacts().get(number);
      Path saved = GatedStore.client(place, client);
      long bytes = saved.getFileSystem(context.hadoop()).getContentSummary(saved).getLength();
      summary.limits().requireBelow(number, client.name(), bytes);
      told.add(
          new FederationReport.Client(
              client.name(),
              client.directory(),
              measured.users(),
              measured.interactions(),
              measured.measured(),
              client.capacity(),
              measured.itemWeights(),
              bytes,
              client.joined(),
              client.kept(),
              measured.localNdcg(),
              measured.localRecall(),
              measured.globalNdcg(),
              measured.globalRecall(),
              measured.aloneNdcg(),
              measured.aloneRecall(),
              measured.prunedNdcg(),
              measured.prunedRecall(),
              measured.ownItemsNdcg(),
              measured.ownItemsRecall(),
              measured.othersWeight(),
              measured.sentBytes()));
    }
    return told;
  }

  private static JobSummary summary(FederationReport report, String output, long leftOut) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%d clients, %d rounds, %,d weights in the global item table",
            report.clients().size(),
            report.rounds().size(),
            report.globalWeights()));
    for (FederationReport.Client client :
        report.clients().subList(0, Math.min(30, report.clients().size()))) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%s: ndcg@20 %.4f (%s %.4f, global among its items %.4f), recall@20 %.4f, %.1f %% of"
                  + " the weights, %,d bytes%s",
              client.directory(),
              client.localNdcg(),
              report.hasNeighbours() ? "alone" : "pruned to the same bytes",
              report.hasNeighbours() ? client.aloneNdcg() : client.prunedNdcg(),
              client.ownItemsNdcg(),
              client.localRecall(),
              100.0 * client.itemWeights() / report.globalWeights(),
              client.bytes(),
              client.joined() ? ", joined" : ""));
    }
    report.betterAlone().ifPresent(lines::add);
    if (leftOut > 0) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%,d interactions left out: the global table does not have their items",
              leftOut));
    }
    lines.add("models: " + output + "/model and " + output + "/clients/NAME");
    lines.add("report: " + output + "/" + ReportFiles.PAGE);
    return new JobSummary(lines);
  }
}
