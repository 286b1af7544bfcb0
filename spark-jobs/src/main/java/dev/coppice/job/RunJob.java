package dev.coppice.job;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.UsageException;
import dev.coppice.data.prepare.PrepareKeys;
import dev.coppice.job.data.PrepareJob;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSettings;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.job.frame.ObservedRun;
import dev.coppice.job.rank.EvaluateJob;
import dev.coppice.job.rank.RecommendJob;
import dev.coppice.job.train.TrainJob;
import dev.coppice.job.train.TrainKeys;
import dev.coppice.publish.PublishKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Runs prepare, train, evaluate and recommend one after the other in one Spark application. */
final class RunJob implements Job {
  private static final ConfigKey<String> INPUT =
      ConfigKey.path("input").withDoc("raw interactions, the input of prepare");
  private static final ConfigKey<String> MODEL =
      ConfigKey.path("model").withDoc("where the model goes");

  private final Job prepare = new PrepareJob();
  private final Job train = new TrainJob();
  private final Job evaluate = new EvaluateJob();
  private final Job recommend = new RecommendJob();

  @Override
  public String name() {
    return "run";
  }

  @Override
  public String summary() {
    return "Runs prepare, train, evaluate and recommend one after the other. Takes their keys too:"
        + " in sections of the file, or with --set JOB.KEY=VALUE.";
  }

  @Override
  public ConfigSchema schema() {
    return ConfigSchema.of(INPUT, MODEL).and(CommonKeys.schema());
  }

  @Override
  public Work plan(JobSettings settings) {
    settings.refuseUnknown(name(), List.of(this, prepare, train, evaluate, recommend));
    if (settings.isShared("output")) {
      throw new UsageException(
          "output is not one place in a run of several jobs. Set workDir, or name the job:"
              + " prepare.output, train.output, evaluate.output, recommend.output.");
    }
    ConfigValues preparing = settings.resolve(prepare, name -> true, Map.of());
    String data = preparing.get(PrepareKeys.OUTPUT);
    Predicate<String> later = name -> !name.equals("input");
    ConfigValues training = settings.resolve(train, later, Map.of("input", data));
    Map<String, String> made = Map.of("input", data, "model", trained(training));
    Map<String, String> measured = new HashMap<>(made);
    // The model that was published before this run's, if there is one.
    training.find(PublishKeys.REGISTRY).ifPresent(registry -> measured.put("beside", registry));
    ConfigValues evaluating = settings.resolve(evaluate, later, measured);
    ConfigValues recommending = settings.resolve(recommend, later, made);
    return context -> {
      List<String> lines = new ArrayList<>();
      lines.addAll(step(context, prepare, preparing));
      lines.addAll(step(context, train, training));
      lines.addAll(step(context, evaluate, evaluating));
      lines.addAll(step(context, recommend, recommending));
      return new JobSummary(lines);
    };
  }

  private static String trained(ConfigValues training) {
    return training.find(PublishKeys.REGISTRY).orElseGet(() -> training.get(TrainKeys.MODEL));
  }

  private static List<String> step(JobContext context, Job job, ConfigValues values)
      throws Exception {
    return ObservedRun.of(job, context.forJob(job.name()), values).under(job.name());
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) {
    throw new UnsupportedOperationException("the work of run is made by plan");
  }
}
