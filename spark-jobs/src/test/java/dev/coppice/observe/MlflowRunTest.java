package dev.coppice.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.coppice.core.error.UsageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real server that answers as MLflow's REST API 2.0 is documented to. */
class MlflowRunTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Instant NOW = Instant.parse("2026-01-31T02:03:04.567Z");

  private record Call(String path, String authorization, JsonNode body) {}

  private final List<Call> calls = Collections.synchronizedList(new ArrayList<>());
  private final List<Integer> failures = Collections.synchronizedList(new ArrayList<>());
  private boolean experimentExists;
  private HttpServer server;
  private String uri;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    uri = "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      calls.add(
          new Call(
              exchange.getRequestMethod() + " " + path,
              exchange.getRequestHeaders().getFirst("Authorization"),
              MAPPER.readTree(exchange.getRequestBody().readAllBytes())));
      int status = failures.isEmpty() ? 200 : failures.remove(0);
      String text =
          switch (path.substring(path.indexOf("mlflow/") + 7)) {
            case "experiments/search" ->
                experimentExists ? "{\"experiments\":[{\"experiment_id\":\"7\"}]}" : "{}";
            case "experiments/create" -> "{\"experiment_id\":\"8\"}";
            case "runs/create" -> "{\"run\":{\"info\":{\"run_id\":\"r1\"}}}";
            default -> "{}";
          };
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static Event event(Event.Type type, Map<String, Object> fields) {
    return new Event(type, NOW, "train", fields);
  }

  private static Event begin(Map<String, String> configuration) {
    return event(
        Event.Type.START,
        Map.of("runId", "night-1", "version", "0.1.0", "configuration", configuration));
  }

  private List<Call> of(String call) {
    return calls.stream().filter(one -> one.path().equals("POST /api/2.0/mlflow/" + call)).toList();
  }

  private static Map<String, Object> sweep(int number) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("sweep", number);
    fields.put("loss", 12.5);
    fields.put("metrics", Map.of("ndcg@20", 0.25));
    return fields;
  }

  @Test
  void wholeRunIsToldInTheWordsOfTheApi() throws IOException {
    MlflowRun run = new MlflowRun(uri + "/", "it's", Map.of());
    run.on(begin(Map.of("rank", "8")));
    run.on(event(Event.Type.PHASE, Map.of("phase", "load")));
    run.on(event(Event.Type.SWEEP, sweep(3)));
    run.on(
        event(
            Event.Type.TRAINED,
            Map.of("metrics", Map.of("ndcg@20", 0.3), "model", "hdfs://h/models/night-1")));
    run.on(event(Event.Type.PUBLISHED, Map.of("runId", "night-1", "sequence", 4L)));
    run.on(event(Event.Type.END, Map.of("exitCode", 0)));

    assertThat(of("experiments/search").get(0).body().path("filter").asText())
        .isEqualTo("name = 'it\\'s'");
    assertThat(of("experiments/create").get(0).body().path("name").asText()).isEqualTo("it's");
    JsonNode create = of("runs/create").get(0).body();
    assertThat(create.path("experiment_id").asText()).isEqualTo("8");
    assertThat(create.path("start_time").asLong()).isEqualTo(NOW.toEpochMilli());
    assertThat(create.path("run_name").asText()).isEqualTo("night-1");
    List<Call> batches = of("runs/log-batch");
    assertThat(batches).hasSize(4);
    assertThat(batches).allMatch(call -> call.body().path("run_id").asText().equals("r1"));
    assertThat(batches.get(0).body().path("params"))
        .isEqualTo(MAPPER.readTree("[{\"key\":\"rank\",\"value\":\"8\"}]"));
    assertThat(batches.get(1).body().path("metrics"))
        .isEqualTo(
            MAPPER.readTree(
                "[{\"key\":\"loss\",\"value\":12.5,\"timestamp\":1769824984567,\"step\":3},"
                    + "{\"key\":\"validation_ndcg_at_20\",\"value\":0.25,"
                    + "\"timestamp\":1769824984567,\"step\":3}]"));
    JsonNode trained = batches.get(2).body();
    assertThat(trained.path("metrics").get(0).path("key").asText()).isEqualTo("best_ndcg_at_20");
    assertThat(trained.path("tags"))
        .isEqualTo(
            MAPPER.readTree("[{\"key\":\"coppice.model\",\"value\":\"hdfs://h/models/night-1\"}]"));
    assertThat(batches.get(3).body().path("tags").findValuesAsText("key"))
        .containsExactlyInAnyOrder("coppice.published.runId", "coppice.published.sequence");
    JsonNode update = of("runs/update").get(0).body();
    assertThat(update.path("status").asText()).isEqualTo("FINISHED");
    assertThat(update.path("end_time").asLong()).isEqualTo(NOW.toEpochMilli());
  }

  @Test
  void failedRunIsMarkedAsFailedInAnExperimentThatIsThere() throws IOException {
    experimentExists = true;
    MlflowRun run = new MlflowRun(uri, "shop", Map.of());
    run.on(begin(Map.of()));
    run.on(event(Event.Type.END, Map.of("exitCode", 4)));
    assertThat(of("experiments/create")).isEmpty();
    assertThat(of("runs/create").get(0).body().path("experiment_id").asText()).isEqualTo("7");
    assertThat(of("runs/update").get(0).body().path("status").asText()).isEqualTo("FAILED");
  }

  @Test
  void manyParametersGoInBatchesOfWhatIsAllowed() throws IOException {
    Map<String, String> configuration = new LinkedHashMap<>();
    for (int key = 0; key < 230; key++) {
      configuration.put("key" + key, "x".repeat(key == 0 ? 1_000 : 3));
    }
    new MlflowRun(uri, "shop", Map.of()).on(begin(configuration));
    assertThat(of("runs/log-batch"))
        .extracting(call -> call.body().path("params").size())
        .containsExactly(100, 100, 30);
    assertThat(of("runs/log-batch").get(0).body().path("params").get(0).path("value").asText())
        .hasSize(500);
  }

  @Test
  void userOrTokenComesFromTheEnvironment() throws IOException {
    Map<String, String> user =
        Map.of("MLFLOW_TRACKING_USERNAME", "ann", "MLFLOW_TRACKING_PASSWORD", "secret");
    new MlflowRun(uri, "shop", user).on(begin(Map.of()));
    assertThat(calls).allMatch(call -> call.authorization().equals("Basic YW5uOnNlY3JldA=="));
    calls.clear();
    new MlflowRun(uri, "shop", Map.of("MLFLOW_TRACKING_TOKEN", "t")).on(begin(Map.of()));
    assertThat(calls).isNotEmpty().allMatch(call -> call.authorization().equals("Bearer t"));
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503, 429})
  void busyServerIsAskedOnceMore(int status) throws IOException {
    failures.add(status);
    MlflowRun run = new MlflowRun(uri, "shop", Map.of());
    run.on(begin(Map.of()));
    assertThat(of("experiments/search")).hasSize(2);
    assertThat(of("runs/create")).hasSize(1);
  }

  @Test
  void serverThatFailsDoesNotEndTheRun() {
    List<Event.Type> others = new ArrayList<>();
    try (Events events = new Events()) {
      events.add(new MlflowRun(uri, "shop", Map.of()));
      events.add(event -> others.add(event.type()));
      events.tell(begin(Map.of()));
      failures.addAll(List.of(400));
      events.tell(event(Event.Type.SWEEP, sweep(1)));
      events.tell(event(Event.Type.SWEEP, sweep(2)));
      events.tell(event(Event.Type.END, Map.of("exitCode", 0)));
    }
    assertThat(of("runs/log-batch")).hasSize(1);
    assertThat(of("runs/update")).isEmpty();
    assertThat(others).hasSize(4);
  }

  @Test
  void serverThatIsNotThereIsAnErrorThatNamesIt() {
    server.stop(0);
    assertThatThrownBy(() -> new MlflowRun(uri, "shop", Map.of()).on(begin(Map.of())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(uri)
        .hasMessageContaining("cannot be reached");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlruns", "file:///tmp/mlruns", "http://", "sqlite:///x", "http://a b"})
  void addressesThatAreNoServerAreRefused(String wrong) {
    assertThatThrownBy(() -> ObserveKeys.server(wrong)).isInstanceOf(UsageException.class);
  }

  @Test
  void passwordInTheAddressIsRefusedAndNotRepeated() {
    assertThatThrownBy(() -> ObserveKeys.server("http://ann:secret@mlflow"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("MLFLOW_TRACKING_PASSWORD")
        .hasMessageNotContaining("secret");
  }
}
