package dev.coppice.job.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.util.SuppressForbidden;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP face of a {@link LiveModel}, on the JDK's own server: {@code /v1/recommend}, {@code
 * /v1/similar} and {@code /v1/model} answer in JSON, {@code /health} says whether they do, {@code
 * /metrics} is for Prometheus. docs/serving.md tells the questions and answers.
 */
@SuppressForbidden(reason = "the JDK's own server, which the module jdk.httpserver exports")
final class ModelServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelServer.class);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Bytes of a question for each of the lists that it may ask for. */
  private static final int BYTES_PER_LIST = 4096;

  private static final int MOST_IGNORED = 1 << 24;

  private static final int CLOSE_SECONDS = 5;

  private final LiveModel live;
  private final int maxBatch;
  private final HttpServer server;
  private final ExecutorService answering;
  private final ScheduledExecutorService looking;
  private final ScheduledFuture<?> looks;
  private final ServeMetrics metrics = new ServeMetrics();

  /** An answer that is no success. */
  static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    Refusal(int status, String message) {
      super(message);
      this.status = status;
    }
  }

  /** Makes the answer to a question. */
  @FunctionalInterface
  private interface Answer {
    ObjectNode to(Question question) throws Refusal;
  }

  /**
   * Starts to answer.
   *
   * @param threads answers at a time
   * @param reloadSeconds between two looks for a new model
   * @param maxBatch most lists of an answer, and most items of a list
   * @throws IOException if nothing can listen at the address
   */
  ModelServer(
      LiveModel live, InetSocketAddress address, int threads, int reloadSeconds, int maxBatch)
      throws IOException {
    this.live = live;
    this.maxBatch = maxBatch;
    server = HttpServer.create(address, 0);
    answering = Executors.newFixedThreadPool(threads);
    looking = Executors.newSingleThreadScheduledExecutor();
    server.setExecutor(answering);
    answers("/v1/recommend", question -> new ListAnswers(live.now(), question).recommended());
    answers("/v1/similar", question -> new ListAnswers(live.now(), question).similar());
    answers("/v1/model", question -> ListAnswers.model(live.now()));
    server.createContext("/health", exchange -> guarded(exchange, "health", this::health));
    server.createContext("/metrics", exchange -> guarded(exchange, "metrics", this::metrics));
    server.createContext(
        "/",
        exchange ->
            guarded(
                exchange,
                "other",
                () -> {
                  throw new Refusal(
                      404,
                      "there is nothing here; /v1/recommend, /v1/similar, /v1/model, /health"
                          + " and /metrics answer");
                }));
    server.start();
    looks =
        looking.scheduleWithFixedDelay(this::look, reloadSeconds, reloadSeconds, TimeUnit.SECONDS);
  }

  private void look() {
    try {
      live.look();
    } catch (RuntimeException e) {
      // Or no further look would be taken.
      LOG.error("cannot look for a new model", e);
    }
  }

  /** Returns where it answers. */
  String address() {
    InetSocketAddress bound = server.getAddress();
    return "http://" + bound.getHostString() + ":" + bound.getPort();
  }

  private void answers(String path, Answer answer) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    server.createContext(
        path,
        exchange ->
            guarded(
                exchange,
                name,
                () -> {
                  if (!exchange
                      .getHttpContext()
                      .getPath()
                      .equals(exchange.getRequestURI().getPath())) {
                    throw new Refusal(404, "there is nothing here; did you mean " + path + "?");
                  }
                  return new Body(
                      "application/json", MAPPER.writeValueAsString(answer.to(question(exchange))));
                }));
  }

  private Question question(HttpExchange exchange) throws IOException, Refusal {
    return switch (exchange.getRequestMethod()) {
      case "GET" -> Question.ofQuery(exchange.getRequestURI().getRawQuery(), maxBatch);
      case "POST" -> Question.ofJson(body(exchange), maxBatch);
      default -> throw new Refusal(405, "GET and POST are allowed");
    };
  }

  private JsonNode body(HttpExchange exchange) throws IOException, Refusal {
    int most = Math.max(1 << 20, (int) Math.min(1 << 30, (long) maxBatch * BYTES_PER_LIST));
    try (InputStream in = exchange.getRequestBody()) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        // A client that still sends does not listen yet.
        in.readNBytes(MOST_IGNORED);
        throw new Refusal(413, "the question has more than " + most + " bytes; ask in parts");
      }
      return MAPPER.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new Refusal(400, "the question is no JSON: " + e.getOriginalMessage());
    }
  }

  /** What is sent. */
  private record Body(String type, String text) {}

  /** Makes what is sent. */
  @FunctionalInterface
  private interface Work {
    Body of() throws IOException, Refusal;
  }

  private void guarded(HttpExchange exchange, String name, Work work) throws IOException {
    long start = System.nanoTime();
    int status = 200;
    Body body;
    try {
      body = work.of();
    } catch (Refusal e) {
      status = e.status;
      body = error(e.getMessage());
    } catch (BadInputException e) {
      // The file was damaged after it had been checked.
      LOG.error("{} cannot be answered", name, e);
      status = 503;
      body = error(e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("{} cannot be answered", name, e);
      status = 500;
      body = error("this is a fault of the server; its log has more");
    }
    // Before the answer is out, so that who has it finds it counted.
    metrics.count(name, status, System.nanoTime() - start);
    send(exchange, status, body);
  }

  private static Body error(String message) throws JsonProcessingException {
    return new Body(
        "application/json",
        MAPPER.writeValueAsString(MAPPER.createObjectNode().put("error", message)));
  }

  private static void send(HttpExchange exchange, int status, Body body) throws IOException {
    byte[] bytes = body.text().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", body.type() + "; charset=utf-8");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      if (!head) {
        out.write(bytes);
      }
    }
  }

  private Body health() throws JsonProcessingException {
    LiveModel.Loaded now = live.now();
    ObjectNode node =
        MAPPER
            .createObjectNode()
            .put("status", live.trouble().isEmpty() ? "ok" : "stale")
            .put("file", now.path().getFileName().toString())
            .put("since", now.since().toString());
    if (!live.trouble().isEmpty()) {
      node.put("trouble", live.trouble());
    }
    return new Body("application/json", MAPPER.writeValueAsString(node));
  }

  private Body metrics() {
    return new Body("text/plain; version=0.0.4", metrics.text(live));
  }

  /** Lets answers under way end, and stops. */
  @Override
  public void close() {
    looks.cancel(false);
    looking.shutdown();
    server.stop(0);
    answering.shutdown();
    try {
      if (!answering.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        answering.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
