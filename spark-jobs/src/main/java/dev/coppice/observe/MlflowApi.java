package dev.coppice.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

/**
 * The few calls of MLflow's REST API (version 2.0) that a run needs. MLflow's own Java client is
 * not used: it brings 8 MB (its own copies of protobuf, Guava and an HTTP client) to a job jar of
 * 1.6 MB for five calls of JSON.
 */
final class MlflowApi {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final long PAUSE_MILLIS = 500;
  private static final int ATTEMPTS = 2;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build();
  private final String base;
  private final String authorization;

  /**
   * A server.
   *
   * @param environment {@code MLFLOW_TRACKING_TOKEN}, or {@code _USERNAME} and {@code _PASSWORD}
   */
  MlflowApi(URI server, Map<String, String> environment) {
    base = server + "/api/2.0/mlflow/";
    String token = environment.get("MLFLOW_TRACKING_TOKEN");
    String user = environment.get("MLFLOW_TRACKING_USERNAME");
    if (token != null) {
      authorization = "Bearer " + token;
    } else if (user != null) {
      String both = user + ":" + environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", "");
      authorization =
          "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    } else {
      authorization = null;
    }
  }

  /** The id of an experiment, which is made if it is not there. */
  String experiment(String name) throws IOException {
    HttpResponse<String> found =
        send(
            "experiments/search",
            body()
                .put("max_results", 1)
                .put("filter", "name = '" + name.replace("'", "\\'") + "'"));
    JsonNode experiments = read(found).path("experiments");
    if (!experiments.isEmpty()) {
      return experiments.get(0).path("experiment_id").asText();
    }
    return post("experiments/create", body().put("name", name)).path("experiment_id").asText();
  }

  /** An empty request. */
  static ObjectNode body() {
    return MAPPER.createObjectNode();
  }

  /**
   * Calls the server.
   *
   * @return the answer
   * @throws IOException if the server cannot be reached or refuses
   */
  JsonNode post(String call, ObjectNode body) throws IOException {
    return read(send(call, body));
  }

  private static JsonNode read(HttpResponse<String> answer) throws IOException {
    if (answer.statusCode() >= 300) {
      String text = answer.body();
      throw new IOException(
          answer.uri()
              + " answered "
              + answer.statusCode()
              + ": "
              + text.substring(0, Math.min(300, text.length())));
    }
    return MAPPER.readTree(answer.body().isBlank() ? "{}" : answer.body());
  }

  private HttpResponse<String> send(String call, ObjectNode body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + call))
            .timeout(ANSWER)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(MAPPER.writeValueAsString(body)));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    try {
      for (int attempt = 1; ; attempt++) {
        try {
          HttpResponse<String> answer =
              client.send(request.build(), HttpResponse.BodyHandlers.ofString());
          boolean busy = answer.statusCode() == 429 || answer.statusCode() >= 500;
          if (!busy || attempt == ATTEMPTS) {
            return answer;
          }
        } catch (IOException e) {
          if (attempt == ATTEMPTS) {
            throw new IOException(base + call + " cannot be reached: " + e, e);
          }
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    }
  }
}
