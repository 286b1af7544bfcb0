package dev.coppice.job.frame;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.ExitCode;
import dev.coppice.observe.CoppiceSource;
import dev.coppice.observe.Event;
import dev.coppice.observe.EventLog;
import dev.coppice.observe.Events;
import dev.coppice.observe.MlflowRun;
import dev.coppice.observe.ObserveKeys;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a job while the event log, Spark's metrics system and MLflow are told of it. */
public final class ObservedRun {
  private static final Logger LOG = LoggerFactory.getLogger(ObservedRun.class);

  private ObservedRun() {}

  /** Runs {@code job}, which tells of itself through {@link JobContext#events}. */
  // Errors too are told of before they go on.
  public static JobSummary of(Job job, JobContext context, ConfigValues values) throws Exception {
    Events events = context.events();
    long start = System.nanoTime();
    try {
      listen(context, values);
      events.tell(Event.Type.START, job.name(), start(context, values));
      JobSummary summary = job.run(context, values);
      events.tell(Event.Type.END, job.name(), end(start, ExitCode.DONE, null));
      return summary;
    } catch (Exception | OutOfMemoryError | StackOverflowError | LinkageError e) {
      events.tell(Event.Type.END, job.name(), end(start, ErrorText.exitCode(e), e));
      throw e;
    } finally {
      events.close();
    }
  }

  private static void listen(JobContext context, ConfigValues values) {
    Events events = context.events();
    events.add(CoppiceSource.register());
    values
        .find(ObserveKeys.EVENTS)
        .ifPresent(
            directory -> {
              try {
                EventLog log =
                    new EventLog(context.hadoop(), directory, context.job(), Instant.now());
                events.add(log);
                context.say("events: " + log.path());
              } catch (IOException e) {
                LOG.warn("there is no event log, the run goes on: {}", e.toString());
              }
            });
    values
        .find(ObserveKeys.MLFLOW_URI)
        .ifPresent(
            uri ->
                events.add(
                    new MlflowRun(
                        uri, values.get(ObserveKeys.MLFLOW_EXPERIMENT), System.getenv())));
  }

  private static Map<String, Object> start(JobContext context, ConfigValues values) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("runId", values.find(CommonKeys.RUN_ID).orElse(""));
    fields.put("version", CoppiceVersion.get());
    fields.put("spark", context.spark().version());
    fields.put("application", context.spark().sparkContext().applicationId());
    fields.put("configuration", values.asMap());
    return fields;
  }

  private static Map<String, Object> end(long start, ExitCode code, Throwable error) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("exitCode", code.code());
    fields.put("seconds", (System.nanoTime() - start) / 1e9);
    if (error != null) {
      fields.put("error", ErrorText.of(error));
    }
    return fields;
  }
}
