package dev.coppice.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.job.Launcher.Result;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads the figures of a running job where Prometheus would read them. */
class MetricsIT {
  private static final String CONF =
      """
      # Enough sweeps to be still running when it is asked.
      train { rank = 32, density = 0.25, maxIter = 10, numBlocks = 4, numPartitions = 4 }
      """;
  private static final Pattern SWEEP =
      Pattern.compile("metrics_coppice_driver_coppice_sweep_Value\\S* (\\S+)");

  @TempDir private Path directory;

  @Test
  void runningJobAnswersPrometheusAndWritesEvents() throws Exception {
    Path conf = Files.writeString(directory.resolve("test.conf"), CONF);
    Path coppice = Launcher.root().resolve("deploy/bin/coppice");
    SmallRun.prepareHere(directory, "split=ratio", "validation=ratio");
    int port = freePort();
    Launcher launcher = new Launcher(directory);
    launcher.with(
        "COPPICE_SPARK_OPTS",
        Launcher.QUICK
            + " --conf spark.ui.enabled=true --conf spark.port.maxRetries=1 --conf spark.ui.port="
            + port);
    ExecutorService background = Executors.newSingleThreadExecutor();
    try {
      Future<Result> training =
          background.submit(
              () ->
                  launcher.run(
                      directory,
                      coppice,
                      "train",
                      "--conf",
                      conf,
                      "--set",
                      "input=data",
                      "--set",
                      "model=model",
                      "--set",
                      "events=events"));
      String figures = figures(port, training);
      Result result = training.get();
      assertThat(result.code()).as(result.err()).isZero();
      assertThat(figures).as(result.err()).isNotNull();
      assertThat(figures)
          .contains("metrics_coppice_driver_coppice_loss_Value")
          .contains("metrics_coppice_driver_coppice_tableBytes_Value")
          .contains("metrics_coppice_driver_coppice_tableWeights_Value")
          .contains("metrics_coppice_driver_coppice_weightsMoved_Value")
          .contains("metrics_coppice_driver_coppice_validation_ndcg_20_Value");
      assertThat(result.err()).contains("sweep 10 of 10");
    } finally {
      background.shutdownNow();
    }
    try (Stream<Path> logs = Files.list(directory.resolve("events"))) {
      List<Path> files = logs.filter(file -> file.toString().endsWith(".jsonl")).toList();
      assertThat(files).hasSize(1);
      List<String> lines = Files.readAllLines(files.get(0));
      assertThat(lines.get(0)).contains("\"event\":\"start\"");
      assertThat(lines).filteredOn(line -> line.contains("\"event\":\"sweep\"")).hasSize(10);
      // One every five sweeps, as is the default.
      assertThat(lines)
          .filteredOn(line -> line.contains("\"event\":\"checkpoint\""))
          .hasSize(2)
          .allMatch(line -> line.contains("\"ok\":true"));
      assertThat(lines.get(lines.size() - 1)).contains("\"event\":\"end\"", "\"exitCode\":0");
    }
  }

  /** The page as it was once a sweep was done; null if the job ended before. */
  private static String figures(int port, Future<Result> training)
      throws InterruptedException, ExecutionException {
    HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics/prometheus/"))
            .timeout(Duration.ofSeconds(5))
            .build();
    while (!training.isDone()) {
      try {
        String page = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        Matcher sweep = SWEEP.matcher(page);
        if (sweep.find() && Double.parseDouble(sweep.group(1)) >= 1) {
          // Again: this one may have been begun before all figures of the sweep were there.
          return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
      } catch (IOException e) {
        // Not up yet.
      }
      Thread.sleep(100);
    }
    return null;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
