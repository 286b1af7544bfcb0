package dev.coppice.job.registry;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.CoppiceException;
import dev.coppice.core.error.ExitCode;
import dev.coppice.core.error.UsageException;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Part;
import dev.coppice.files.LeaseLock;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.observe.Event;
import dev.coppice.publish.Publication;
import dev.coppice.publish.PublishKeys;
import dev.coppice.publish.Registry;
import dev.coppice.publish.RunIds;
import dev.coppice.publish.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run that ends in a registry: a model is made at its place in the registry, passes the gate and
 * is published. A step that an earlier run of the same id has done already is not done again.
 */
public final class RegistryRun {
  private static final int ATTEMPTS = 5;

  private final JobContext context;
  private final ConfigValues values;
  private final Optional<String> input;
  private final Registry registry;
  private final String runId;

  private RegistryRun(
      JobContext context, ConfigValues values, Optional<String> input, Optional<String> name)
      throws Exception {
    this.context = context;
    this.values = values;
    this.input = input;
    registry = Registry.at(context.hadoop(), values.get(PublishKeys.REGISTRY));
    runId =
        name.or(() -> values.find(CommonKeys.RUN_ID))
            .orElseGet(() -> RunIds.generate(Instant.now(), values.asMap()));
  }

  /** Makes a model. */
  @FunctionalInterface
  public interface Maker {
    /**
     * Writes a model and its reports.
     *
     * @param directory where to; does not exist yet
     */
    JobSummary make(String directory) throws Exception;
  }

  /**
   * Checks the settings of a run before Spark starts.
   *
   * @throws UsageException if they are not allowed
   */
  public static void check(ConfigValues values) {
    values.find(CommonKeys.RUN_ID).ifPresent(runId -> RunIds.check("runId", runId));
    PublishKeys.gate(values);
  }

  /**
   * Makes and publishes a model.
   *
   * @param values hold {@link PublishKeys} and {@link CommonKeys}, with a registry
   * @param input the data set whose validation part the gate measures on; empty for none
   * @param maker makes the model; not called if this run id has made it before
   * @throws CoppiceException with {@link ExitCode#WORSE_MODEL} if the gate keeps the model out,
   *     with {@link ExitCode#LOCKED} if another run writes to the registry
   */
  public static JobSummary of(
      JobContext context, ConfigValues values, Optional<String> input, Maker maker)
      throws Exception {
    return new RegistryRun(context, values, input, Optional.empty()).run(maker);
  }

  /** Whether the run of the given id has made its model before; it is not made again. */
  public static boolean isMade(JobContext context, ConfigValues values) throws Exception {
    Optional<String> runId = values.find(CommonKeys.RUN_ID);
    Registry registry = Registry.at(context.hadoop(), values.get(PublishKeys.REGISTRY));
    return runId.isPresent()
        && (registry.wasPublished(runId.get()) || registry.isRegistered(runId.get()));
  }

  /**
   * Lets a model that is in the registry try the gate again.
   *
   * @param runId the run that made it
   */
  static JobSummary again(
      JobContext context, ConfigValues values, Optional<String> input, String runId)
      throws Exception {
    RegistryRun run = new RegistryRun(context, values, input, Optional.of(runId));
    Maker none = directory -> JobSummary.of();
    if (!run.registry.isRegistered(runId)) {
      throw new BadInputException(
          run.registry.model(runId)
              + " is no complete model of the registry: the run that wrote it did not end, or it"
              + " was not put there by Coppice. Run it again under its run id, or move the model"
              + " elsewhere and publish it from there.");
    }
    return run.run(none);
  }

  private JobSummary run(Maker maker) throws Exception {
    try (LeaseLock lock = registry.lockRun()) {
      Optional<Publication> published = registry.latest();
      if (registry.wasPublished(runId)) {
        return alreadyPublished(published);
      }
      // Found broken now rather than after hours of training.
      if (published.isPresent()) {
        registry.modelOf(published.get());
      }
      measuredOn(published);
      List<String> lines = new ArrayList<>();
      if (registry.isRegistered(runId)) {
        lines.add("the model of the run " + runId + " is in the registry already");
      } else {
        registry.removeDebris();
        lines.addAll(maker.make(registry.model(runId).toString()).lines());
        lock.check();
        registry.register(runId);
      }
      lines.addAll(publish());
      return new JobSummary(lines);
    }
  }

  private JobSummary alreadyPublished(Optional<Publication> now) {
    String done =
        "nothing to do: the run "
            + runId
            + " was already published in "
            + values.get(PublishKeys.REGISTRY);
    return now.isPresent() && !now.get().runId().equals(runId)
        ? JobSummary.of(
            done,
            "the published model is now that of the run "
                + now.get().runId()
                + "; to go back: coppice rollback --set registry="
                + values.get(PublishKeys.REGISTRY)
                + " --set to="
                + runId)
        : JobSummary.of(done);
  }

  private List<String> publish() throws Exception {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<Publication> published = registry.latest();
      Decision decision = context.phase("gate", () -> decide(published));
      Verdict verdict = decision.verdict();
      context.tell(Event.Type.GATE, told(verdict));
      Optional<String> report = decision.write(registry.model(runId));
      if (!verdict.passed()) {
        registry.refuse(runId, verdict);
        context.tell(
            Event.Type.REFUSED, Map.of("runId", runId, "model", registry.model(runId).toString()));
        throw new CoppiceException(
            ExitCode.WORSE_MODEL,
            "the new model is worse than the published one, which stays. "
                + verdict.inWords()
                + ". The refused model is "
                + registry.model(runId)
                + report.map(page -> ", its report " + page).orElse("")
                + "; to publish it all the same: coppice publish --set registry="
                + values.get(PublishKeys.REGISTRY)
                + " --set model="
                + registry.model(runId)
                + " --set maxRegression=1");
      }
      Optional<Publication> done =
          registry.publish(runId, verdict, published, values.get(PublishKeys.KEEP_MODELS));
      if (done.isPresent()) {
        context.tell(
            Event.Type.PUBLISHED,
            Map.of(
                "runId",
                runId,
                "sequence",
                done.get().sequence(),
                "model",
                registry.model(runId).toString()));
        List<String> lines = new ArrayList<>(List.of(verdict.inWords()));
        report.ifPresent(page -> lines.add("evaluation: " + page));
        lines.add(
            "published: run "
                + runId
                + " as number "
                + done.get().sequence()
                + " of "
                + values.get(PublishKeys.REGISTRY)
                + Optional.ofNullable(done.get().previousRunId())
                    .map(before -> ", after " + before)
                    .orElse(""));
        return lines;
      }
      context.say("another model was published meanwhile: it is compared again");
    }
    throw new CoppiceException(
        ExitCode.LOCKED,
        "the published model of "
            + values.get(PublishKeys.REGISTRY)
            + " changed at each of "
            + ATTEMPTS
            + " comparisons. Run it again when nobody else publishes.");
  }

  private static Map<String, Object> told(Verdict verdict) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("passed", verdict.passed());
    fields.put("maxRegression", verdict.maxRegression());
    if (verdict.value() != null) {
      fields.put("metric", verdict.metric());
      fields.put("value", verdict.value());
      fields.put("users", verdict.users());
      fields.put("newUsers", verdict.newUsers());
    }
    if (verdict.publishedValue() != null) {
      fields.put("publishedRunId", verdict.publishedRunId());
      fields.put("publishedValue", verdict.publishedValue());
    }
    return fields;
  }

  /**
   * Opens what the gate measures on.
   *
   * @return empty if the gate lets the model pass without a measurement
   * @throws UsageException if there is a model to compare with, and no data set is set
   * @throws BadInputException if there is one, and the data set has no validation part
   */
  private Optional<CanonicalDataset> measuredOn(Optional<Publication> published) {
    if (PublishKeys.isOpen(values) || (input.isEmpty() && published.isEmpty())) {
      return Optional.empty();
    }
    CanonicalDataset data =
        CanonicalDataset.open(
            context.spark(),
            input.orElseThrow(
                () ->
                    new UsageException(
                        "input is not set, and the gate needs a data set with a validation part to"
                            + " compare the model with the published one. Set it, or set"
                            + " maxRegression = 1 to publish without a comparison.")));
    if (data.manifest().rows(Part.VALIDATION) > 0) {
      return Optional.of(data);
    }
    if (published.isEmpty()) {
      return Optional.empty();
    }
    throw new BadInputException(
        "\""
            + data.path()
            + "\" has no validation part, so the model cannot be compared with the published one."
            + " Nothing was published. Prepare the data with validation = ratio, leave-last or"
            + " time, or set maxRegression = 1 to publish without a comparison.");
  }

  private Decision decide(Optional<Publication> published) throws Exception {
    Optional<CanonicalDataset> measuredOn = measuredOn(published);
    if (measuredOn.isEmpty()) {
      return Decision.unmeasured();
    }
    String model = registry.model(runId).toString();
    return published.isEmpty()
        ? Decision.first(context, values, measuredOn.get(), model)
        : Decision.beside(
            context,
            values,
            measuredOn.get(),
            model,
            published.get().runId(),
            registry.modelOf(published.get()).toString());
  }
}
