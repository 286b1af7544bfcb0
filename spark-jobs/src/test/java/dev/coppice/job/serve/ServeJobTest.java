package dev.coppice.job.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.core.serving.IdKind;
import dev.coppice.core.serving.RankedItem;
import dev.coppice.core.serving.Selection;
import dev.coppice.core.serving.ServingInfo;
import dev.coppice.core.serving.ServingModel;
import dev.coppice.core.serving.ServingWriter;
import dev.coppice.core.serving.WeightForm;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeJobTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final int ITEMS = 30;

  @TempDir Path directory;
  private Path file;
  private LiveModel live;
  private ModelServer server;

  /** Users and items with a row each; the weights depend on {@code factor}. */
  private void write(Path to, float factor) throws IOException {
    ServingInfo info =
        new ServingInfo(
            2,
            1,
            AlsObjective.implicit(0.1, 0.05, 1, 0, 0),
            1,
            2,
            IdKind.STRING,
            IdKind.STRING,
            "f00",
            false,
            Map.of("runId", "night-" + factor));
    try (ServingWriter writer = new ServingWriter(directory, info)) {
      short[] dims = {0, 1};
      double[] gramian = new double[4];
      // In the order of the ids, as export writes them.
      for (int i = 0; i < ITEMS; i++) {
        float[] weights = {1 + i % 7, factor * (1 + i % 5)};
        writer.addItem(String.format("item %02d", i), 3, dims, weights);
        for (int a = 0; a < 2; a++) {
          for (int b = 0; b < 2; b++) {
            gramian[2 * a + b] += weights[a] * weights[b];
          }
        }
      }
      writer.addUser("anna", dims, new float[] {1, 2}, new int[] {3, 5});
      writer.addUser("bo & co", dims, new float[] {2, -1}, new int[0]);
      writer.gramian(gramian);
      writer.write(to, WeightForm.FLOAT32);
    }
  }

  @BeforeEach
  void start() throws IOException {
    file = directory.resolve("model.coppice");
    write(file, 1);
    live = new LiveModel(() -> file);
    server =
        new ModelServer(
            live, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 2, 3600, 50);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> ask(HttpRequest.Builder request, String path)
      throws IOException, InterruptedException {
    return CLIENT.send(
        request.uri(URI.create(server.address() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = ask(HttpRequest.newBuilder(), path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValue("application/json; charset=utf-8");
    return MAPPER.readTree(answer.body());
  }

  private JsonNode post(String path, String question) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        ask(HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(question)), path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return MAPPER.readTree(answer.body());
  }

  private static void check(JsonNode list, List<RankedItem> expected) {
    assertThat(list.path("known").asBoolean()).isTrue();
    List<String> found = new ArrayList<>();
    list.path("items")
        .forEach(item -> found.add(item.path("item").asText() + item.path("score").floatValue()));
    assertThat(found).isEqualTo(expected.stream().map(item -> item.id() + item.score()).toList());
  }

  @Test
  void listsAreThoseOfTheModel() throws Exception {
    ServingModel model = ServingModel.open(file);
    JsonNode known = get("/v1/recommend?user=anna&user=bo+%26+co&k=4&exclude=item+06&user=nobody");
    Selection four = Selection.of(4).without(List.of("item 06"));
    assertThat(known.path("lists")).hasSize(3);
    check(known.path("lists").get(0), model.recommend("anna", four).orElseThrow());
    check(known.path("lists").get(1), model.recommend("bo & co", four).orElseThrow());
    assertThat(known.path("lists").get(2).path("user").asText()).isEqualTo("nobody");
    assertThat(known.path("lists").get(2).path("known").asBoolean()).isFalse();
    assertThat(known.path("lists").get(2).path("items")).isEmpty();

    JsonNode stock =
        post(
            "/v1/recommend",
            "{\"users\": [\"anna\"], \"histories\": [[\"item 03\", \"item 09\"]], \"k\": 3,"
                + " \"seen\": true, \"allow\": [\"item 03\", \"item 04\", \"item 10\"]}");
    List<String> allowed = List.of("item 03", "item 04", "item 10");
    check(
        stock.path("lists").get(0),
        model.recommend("anna", Selection.of(3).withSeen().within(allowed)).orElseThrow());
    check(
        stock.path("lists").get(1),
        model.recommend(
            model.foldIn(List.of("item 03", "item 09")).orElseThrow(),
            Selection.of(3).withSeen().within(allowed)));

    check(
        get("/v1/similar?item=item+04&k=5").path("lists").get(0),
        model.similar("item 04", 5).orElseThrow());
    check(
        get("/v1/recommend?history=item+03,item+09").path("lists").get(0),
        model.recommend(
            model.foldIn(List.of("item 03", "item 09")).orElseThrow(), Selection.of(20)));
    assertThat(get("/v1/model").path("items").asInt()).isEqualTo(ITEMS);
    assertThat(get("/v1/model").path("labels").path("runId").asText()).isEqualTo("night-1.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/recommend | 400 | nobody is asked for",
        "/v1/similar | 400 | no item is asked for",
        "/v1/recommend?user=anna&k=0 | 400 | from 1 to 50",
        "/v1/recommend?user=anna&k=51 | 400 | from 1 to 50",
        "/v1/recommend?user=anna&k=x | 400 | whole number",
        "/v1/recommend?usr=anna | 400 | did you mean users?",
        "/v1/recommend?user=anna&seen=yes | 400 | true or false",
        "/v1/recommend?user | 400 | name=value",
        "/v1/recommend/more?user=anna | 404 | did you mean /v1/recommend?",
        "/nothing | 404 | /v1/recommend",
      })
  void wrongQuestionsAreToldWhatIsWrong(String path, int status, String words) throws Exception {
    HttpResponse<String> answer = ask(HttpRequest.newBuilder(), path);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(MAPPER.readTree(answer.body()).path("error").asText()).contains(words);
  }

  @Test
  void wrongBodiesAreToldWhatIsWrong() throws Exception {
    String users =
        String.join(",", IntStream.range(0, 51).mapToObj(n -> "\"u" + n + "\"").toList());
    for (List<String> wrong :
        List.of(
            List.of("", "400", "no JSON object"),
            List.of("[1]", "400", "no JSON object"),
            List.of("{\"users\": [", "400", "no JSON"),
            List.of("{\"users\": 7}", "400", "users is no list"),
            List.of("{\"users\": [1.5]}", "400", "texts or whole numbers"),
            List.of("{\"users\": [\"a\"], \"k\": \"many\"}", "400", "k is"),
            List.of("{\"users\": [\"a\"], \"seen\": 1}", "400", "seen is"),
            List.of("{\"histories\": [\"a\"]}", "400", "an entry of histories"),
            List.of("{\"users\": [" + users + "]}", "413", "at most 50"),
            List.of("{\"users\": [\"" + "x".repeat(2 << 20) + "\"]}", "413", "ask in parts"))) {
      HttpResponse<String> answer =
          ask(
              HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(wrong.get(0))),
              "/v1/recommend");
      assertThat(answer.statusCode()).isEqualTo(Integer.parseInt(wrong.get(1)));
      assertThat(MAPPER.readTree(answer.body()).path("error").asText()).contains(wrong.get(2));
    }
    HttpResponse<String> removed = ask(HttpRequest.newBuilder().DELETE(), "/v1/recommend");
    assertThat(removed.statusCode()).isEqualTo(405);
  }

  /** A new file is taken up; one that is damaged or gone leaves the old one in place. */
  @Test
  void newFilesAreTakenUp() throws Exception {
    assertThat(get("/health").path("status").asText()).isEqualTo("ok");
    Path next = directory.resolve("next");
    write(next, 3);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    live.look();
    assertThat(get("/v1/model").path("labels").path("runId").asText()).isEqualTo("night-3.0");

    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(next, bytes);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    live.look();
    live.look();
    assertThat(get("/health").path("status").asText()).isEqualTo("stale");
    assertThat(get("/health").path("trouble").asText()).contains("damaged");
    assertThat(get("/v1/model").path("labels").path("runId").asText()).isEqualTo("night-3.0");

    Files.delete(file);
    live.look();
    assertThat(get("/health").path("status").asText()).isEqualTo("stale");
    write(file, 5);
    live.look();
    assertThat(get("/health").path("status").asText()).isEqualTo("ok");
    assertThat(get("/v1/model").path("labels").path("runId").asText()).isEqualTo("night-5.0");
  }

  @Test
  void answersAreCounted() throws Exception {
    get("/v1/recommend?user=anna");
    ask(HttpRequest.newBuilder(), "/v1/recommend");
    HttpResponse<String> metrics = ask(HttpRequest.newBuilder(), "/metrics");
    assertThat(metrics.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
    assertThat(metrics.body().lines())
        .contains(
            "# TYPE coppice_answers_total counter",
            "coppice_answers_total{answer=\"recommend\",status=\"200\"} 1",
            "coppice_answers_total{answer=\"recommend\",status=\"400\"} 1",
            "coppice_model_items " + ITEMS,
            "coppice_model_stale 0");
  }

  private static ConfigValues values(Map<String, String> settings) {
    return new ServeJob().schema().resolve(settings);
  }

  private static JobContext context() {
    return new JobContext(
        "serve",
        new Configuration(false),
        new Progress(new PrintWriter(Writer.nullWriter()), false));
  }

  @Test
  void settingsThatDoNotFitAreRefused() {
    ServeJob job = new ServeJob();
    assertThatThrownBy(() -> job.check(values(Map.of("file", "/srv/{runId}.coppice"))))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("registry is not set");
    assertThatThrownBy(() -> job.check(values(Map.of("file", "/srv/m", "registry", "/r"))))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("{runId}");
    String missing = directory.resolve("missing").toString();
    assertThatThrownBy(() -> job.run(context(), values(Map.of("file", missing))))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(missing);
    assertThat(job.needsSpark()).isFalse();
    assertThatThrownBy(() -> context().spark()).hasMessageContaining("without Spark");
  }

  /** The job answers until it is ended. */
  @Test
  void theJobServes() throws Exception {
    List<String> said = new ArrayList<>();
    Writer lines =
        new Writer() {
          @Override
          public void write(char[] text, int from, int count) {
            synchronized (said) {
              said.add(new String(text, from, count));
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    JobContext context =
        new JobContext(
            "serve", new Configuration(false), new Progress(new PrintWriter(lines, true), false));
    Thread job =
        new Thread(
            () -> {
              try {
                new ServeJob().run(context, values(Map.of("file", file.toString(), "port", "0")));
              } catch (Exception e) {
                // Interrupted at the end of the test.
                Thread.currentThread().interrupt();
              }
            });
    job.start();
    try {
      String address = "";
      for (int wait = 0; wait < 200 && address.isEmpty(); wait++) {
        Thread.sleep(50);
        synchronized (said) {
          String all = String.join("", said);
          int at = all.indexOf("http://");
          address = at < 0 ? "" : all.substring(at).lines().findFirst().orElse("").strip();
        }
      }
      HttpResponse<String> answer =
          CLIENT.send(
              HttpRequest.newBuilder(URI.create(address + "/health")).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
    } finally {
      job.interrupt();
      job.join();
    }
  }
}
