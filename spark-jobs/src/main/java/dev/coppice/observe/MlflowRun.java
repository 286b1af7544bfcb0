package dev.coppice.observe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells an MLflow tracking server of a run: settings as parameters, figures of each sweep as
 * metrics with the sweep as step, the final metrics, and where the model lies as tags. Metrics are
 * named as in the reports with {@code _at_} for {@code @}, which MLflow does not allow.
 */
public final class MlflowRun implements EventListener {
  // Limits of log-batch.
  private static final int MOST_PARAMETERS = 100;
  private static final int LONGEST_VALUE = 500;

  private final MlflowApi api;
  private final String experiment;
  private String run;

  /**
   * A run that begins with the first event.
   *
   * @param uri the tracking server
   * @param experiment name of the experiment
   * @param environment where user and password or token are
   */
  public MlflowRun(String uri, String experiment, Map<String, String> environment) {
    URI server = ObserveKeys.server(uri);
    api = new MlflowApi(server, environment);
    this.experiment = experiment;
  }

  @Override
  public void on(Event event) throws IOException {
    switch (event.type()) {
      case START -> start(event);
      case SWEEP, TRAINED -> metrics(event);
      case GATE -> tags(event, "coppice.gate.");
      case PUBLISHED, REFUSED -> tags(event, "coppice." + event.type().key() + ".");
      case END -> end(event);
      default -> {
        // Phases, explorations and checkpoints are for the event log.
      }
    }
  }

  private void start(Event event) throws IOException {
    String id = api.experiment(experiment);
    Object name = event.fields().getOrDefault("runId", "");
    ObjectNode body = MlflowApi.body();
    body.put("experiment_id", id).put("start_time", event.time().toEpochMilli());
    ArrayNode tags = body.putArray("tags");
    tag(tags, "mlflow.source.name", "coppice " + event.job());
    tag(tags, "mlflow.source.type", "JOB");
    tag(tags, "coppice.version", String.valueOf(event.fields().get("version")));
    if (!String.valueOf(name).isEmpty()) {
      body.put("run_name", String.valueOf(name));
      tag(tags, "mlflow.runName", String.valueOf(name));
    }
    String made = api.post("runs/create", body).path("run").path("info").path("run_id").asText();
    if (made.isEmpty()) {
      throw new IOException("runs/create gave no run_id: this is no MLflow tracking server");
    }
    run = made;
    parameters(event);
  }

  private void parameters(Event event) throws IOException {
    if (!(event.fields().get("configuration") instanceof Map<?, ?> configuration)) {
      return;
    }
    Map<Object, Object> some = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : configuration.entrySet()) {
      some.put(entry.getKey(), entry.getValue());
      if (some.size() == MOST_PARAMETERS) {
        send(some);
        some.clear();
      }
    }
    if (!some.isEmpty()) {
      send(some);
    }
  }

  private void send(Map<Object, Object> parameters) throws IOException {
    ObjectNode body = MlflowApi.body().put("run_id", run);
    ArrayNode array = body.putArray("params");
    parameters.forEach((key, value) -> tag(array, String.valueOf(key), String.valueOf(value)));
    api.post("runs/log-batch", body);
  }

  private void metrics(Event event) throws IOException {
    ObjectNode body = MlflowApi.body().put("run_id", run);
    ArrayNode array = body.putArray("metrics");
    boolean sweep = event.type() == Event.Type.SWEEP;
    long step = event.fields().get("sweep") instanceof Number number ? number.longValue() : 0;
    event
        .fields()
        .forEach(
            (name, value) -> {
              if (name.equals("metrics") && value instanceof Map<?, ?> all) {
                all.forEach(
                    (key, metric) ->
                        metric(
                            array, (sweep ? "validation_" : "best_") + key, metric, step, event));
              } else if (!name.equals("sweep")) {
                metric(array, name, value, step, event);
              }
            });
    Object model = event.fields().get("model");
    if (model != null) {
      tag(body.putArray("tags"), "coppice.model", String.valueOf(model));
    }
    if (!array.isEmpty()) {
      api.post("runs/log-batch", body);
    }
  }

  private static void metric(ArrayNode array, String key, Object value, long step, Event event) {
    if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      array
          .addObject()
          .put("key", key.replace("@", "_at_"))
          .put("value", number.doubleValue())
          .put("timestamp", event.time().toEpochMilli())
          .put("step", step);
    }
  }

  private void tags(Event event, String prefix) throws IOException {
    ObjectNode body = MlflowApi.body().put("run_id", run);
    ArrayNode array = body.putArray("tags");
    event.fields().forEach((key, value) -> tag(array, prefix + key, String.valueOf(value)));
    api.post("runs/log-batch", body);
  }

  private void end(Event event) throws IOException {
    boolean done = Integer.valueOf(0).equals(event.fields().get("exitCode"));
    api.post(
        "runs/update",
        MlflowApi.body()
            .put("run_id", run)
            .put("status", done ? "FINISHED" : "FAILED")
            .put("end_time", event.time().toEpochMilli()));
  }

  private static void tag(ArrayNode array, String key, String value) {
    String cut = value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE);
    array.addObject().put("key", key).put("value", cut);
  }
}
