package dev.coppice.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.job.Launcher.Result;
import dev.coppice.job.Launcher.Running;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The files of deploy/kubernetes against the schemas of Kubernetes, and real submissions against an
 * API server that only remembers. Where pods have to run, the test is the kubelet: it starts what
 * the image would, as processes of this machine.
 */
class KubernetesIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path HERE = Launcher.root().resolve("deploy/kubernetes");

  /** Tells requests of the test from those of the driver. */
  private static final String BY_TEST = "?pretty=true";

  @TempDir private Path directory;

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Process> started = new ArrayList<>();
  private String server;

  @BeforeEach
  void mustBeOnThisLine() throws Exception {
    assumeFalse(
        System.getProperty("coppice.kubernetes", "").isEmpty(),
        "Kubernetes is tested on the default Spark line only: there are no artifacts of it for"
            + " this line");
    Result home = new Launcher(directory).run(directory, coppice(), "--spark-home");
    assertThat(home.code()).as(home.err()).isZero();
  }

  @AfterEach
  void endAll() {
    for (Process process : started) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  @Test
  void manifestsHaveOnlyWhatTheirSchemasKnow() throws Exception {
    List<Object> files = new ArrayList<>(List.of("check"));
    try (Stream<Path> all = Files.walk(HERE)) {
      all.filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> !file.endsWith("kustomization.yaml"))
          .forEach(files::add);
    }
    assertThat(files).hasSizeGreaterThan(6);
    // In the same run, one that is wrong; nothing is told of the others.
    Path wrong = directory.resolve("wrong.yaml");
    String job = Files.readString(HERE.resolve("base/cron-job.yaml"));
    Files.writeString(wrong, job.replace("concurrencyPolicy", "concurencyPolicy"));
    files.add(wrong);
    Result result = mock(files).await();
    assertThat(result.out().lines())
        .as(result.err())
        .singleElement()
        .asString()
        .contains(wrong.toString(), "concurencyPolicy");
    assertThat(result.code()).isEqualTo(1);
  }

  @Test
  void noContainerMayWriteToItsRootOrGainRights() throws Exception {
    List<Path> manifests;
    try (Stream<Path> all = Files.walk(HERE)) {
      manifests = all.filter(file -> file.toString().endsWith(".yaml")).toList();
    }
    int found = 0;
    for (Path manifest : manifests) {
      String text = Files.readString(manifest);
      if (text.contains("runAsNonRoot") || text.contains("ScheduledSparkApplication\n")) {
        found++;
        assertThat(text)
            .as(manifest.toString())
            .contains(
                "runAsNonRoot: true",
                "type: RuntimeDefault",
                "readOnlyRootFilesystem: true",
                "allowPrivilegeEscalation: false",
                "drop: [ALL]")
            .doesNotContain("readOnlyRootFilesystem: false", "privileged: true");
      }
    }
    assertThat(found).isEqualTo(5);
  }

  @Test
  void overlaysRender() throws Exception {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "kubectl"))),
        "kubectl is not on the path; what kustomize makes of the overlays is not checked");
    List<Object> files = new ArrayList<>(List.of("check"));
    for (String overlay : List.of("base", "overlays/pvc", "overlays/s3", "operator")) {
      Result result =
          new Launcher(directory).run(directory, "kubectl", "kustomize", HERE.resolve(overlay));
      assertThat(result.code()).as(result.err()).isZero();
      files.add(
          Files.writeString(directory.resolve(overlay.replace('/', '-') + ".yaml"), result.out()));
      assertThat(result.out()).contains("kind: NetworkPolicy");
      if (overlay.startsWith("overlays")) {
        assertThat(result.out())
            .contains("image: registry.example/coppice:0.1.0")
            .contains("value: registry.example/coppice:0.1.0");
      }
    }
    Result result = mock(files).await();
    assertThat(result.code()).as(result.out() + result.err()).isZero();
  }

  @Test
  void theContextHoldsWhatTheImageCopies() throws Exception {
    Result built =
        new Launcher(directory)
            .with("CONTAINER_TOOL", "none")
            .run(directory, HERE.resolve("image/build"), "coppice:test")
            .succeeded();
    Path context = Path.of(built.out().strip());
    List<String> lines = Files.readAllLines(context.resolve("Dockerfile"));
    List<String> copies = lines.stream().filter(line -> line.startsWith("COPY ")).toList();
    assertThat(copies).hasSize(4);
    for (String copy : copies) {
      assertThat(context.resolve(copy.split(" ", -1)[1])).exists();
    }
    assertThat(context.resolve("entrypoint")).isExecutable();
    assertThat(context.resolve("spark/bin/spark-submit")).isExecutable();
    assertThat(context.resolve("spark/jars")).isDirectoryContaining("glob:**/spark-kubernetes_*");
    assertThat(context.resolve("conf/log4j2.properties")).isNotEmptyFile();
    assertThat(lines).contains("USER ${UID}:${UID}", "ARG UID=10001");
  }

  @Test
  void submissionMakesADriverPod() throws Exception {
    startServer();
    Result result =
        new Launcher(directory)
            .without("COPPICE_JAR")
            .with("COPPICE_MASTER", "k8s://" + server)
            .with("COPPICE_IMAGE", "registry.example/coppice:0.1.0")
            .with("COPPICE_CLAIM", "coppice-data")
            .with("SPARK_SUBMIT_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
            .with(
                "COPPICE_SPARK_OPTS",
                "--conf spark.kubernetes.submission.waitAppCompletion=false"
                    + " --conf spark.executor.instances=3")
            .run(
                directory,
                HERE.resolve("submit"),
                "train",
                "--conf",
                "/etc/coppice/coppice.conf",
                "--set",
                "rank=128");
    assertThat(result.code()).as(result.err()).isZero();
    JsonNode pods = get("/api/v1/namespaces/coppice/pods").path("items");
    assertThat(pods).hasSize(1);
    JsonNode spec = pods.get(0).path("spec");
    assertThat(pods.get(0).path("metadata").path("labels").path("spark-role").asText())
        .isEqualTo("driver");
    assertThat(spec.path("serviceAccountName").asText()).isEqualTo("coppice");
    assertThat(spec.path("securityContext").path("runAsNonRoot").asBoolean()).isTrue();
    JsonNode container = spec.path("containers").get(0);
    assertThat(container.path("image").asText()).isEqualTo("registry.example/coppice:0.1.0");
    assertThat(container.path("securityContext").path("readOnlyRootFilesystem").asBoolean())
        .isTrue();
    assertThat(texts(container.path("args")))
        .startsWith("driver")
        .contains("dev.coppice.job.Coppice", "local:///opt/coppice/coppice.jar")
        .endsWith("train", "--conf", "/etc/coppice/coppice.conf", "--set", "rank=128");
    assertThat(named(container.path("env"), "COPPICE_WORK_DIR").path("value").asText())
        .isEqualTo("file:///data");
    assertThat(mounts(container))
        .containsEntry("data", "/data")
        .containsEntry("coppice-conf", "/etc/coppice")
        .containsEntry("spark-local-dir-1", "/scratch");
    JsonNode data = named(spec.path("volumes"), "data");
    assertThat(data.path("persistentVolumeClaim").path("claimName").asText())
        .isEqualTo("coppice-data");
    assertThat(get("/api/v1/namespaces/coppice/services").path("items")).hasSize(1);
    JsonNode maps = get("/api/v1/namespaces/coppice/configmaps").path("items");
    assertThat(maps.toString())
        .contains(
            "spark.executor.instances=3",
            "spark.authenticate=true",
            "# What Spark starts executors from");
  }

  /** A whole training, the driver as the pod of the CronJob runs it, executors as Spark asks. */
  @Test
  void trainsWithExecutorPodsAndAsksForNothingThatTheRoleForbids() throws Exception {
    Path conf = SmallRun.conf(directory.resolve("test.conf"), 3);
    SmallRun.prepareHere(directory);
    List<String> expected = SmallRun.trainHere(directory, 3);

    startServer();
    post(
        "/api/v1/namespaces/coppice/pods",
        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"driver-pod\","
            + "\"namespace\":\"coppice\",\"uid\":\"1\"},\"spec\":{\"containers\":[]}}");
    Path settings = Files.createDirectory(directory.resolve("conf"));
    Files.writeString(
        settings.resolve("spark-defaults.conf"),
        // Of two values for a key, the later counts.
        Files.readString(HERE.resolve("base/spark-defaults.conf"))
            + """
            spark.executor.instances 2
            spark.executor.cores 1
            spark.executor.memory 512m
            spark.ui.enabled false
            spark.sql.shuffle.partitions 4
            spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
            spark.executor.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
            spark.kubernetes.executor.podTemplateFile %s
            """
                .formatted(HERE.resolve("base/executor-pod.yaml")));
    Files.copy(
        Launcher.root().resolve("conf/log4j2.properties"), settings.resolve("log4j2.properties"));
    Launcher image =
        new Launcher(directory)
            .with("SPARK_HOME", Launcher.sparkHome().toString())
            .with("SPARK_CONF_DIR", settings.toString())
            .with("COPPICE_MASTER", "k8s://" + server)
            .with("COPPICE_IMAGE", "coppice")
            .with("POD_IP", "127.0.0.1")
            .with("POD_NAME", "driver-pod")
            .with("POD_NAMESPACE", "coppice");
    Path entrypoint = HERE.resolve("image/entrypoint");
    Path model = directory.resolve("model");
    Result result;
    try (Running driver =
        image.start(
            directory,
            entrypoint,
            "job",
            "train",
            "--conf",
            conf,
            "--set",
            "input=" + directory.resolve("data"),
            "--set",
            "model=" + model)) {
      runExecutors(driver, entrypoint);
      result = driver.await();
    }
    result.succeeded();
    assertThat(result.err()).contains("2 executors, 1 at a time on each");
    assertThat(ModelRows.of(model.toString())).isEqualTo(expected);

    Set<String> asked = asked();
    assertThat(asked).contains("create pods", "watch pods", "create configmaps");
    assertThat(allowed())
        .as("what the role allows")
        .containsAll(asked)
        .allMatch(right -> right.endsWith(" pods") || right.endsWith(" configmaps"));
  }

  /** Starts a process for every executor pod, with the pod's environment, as a kubelet would. */
  private void runExecutors(Running driver, Path entrypoint) throws Exception {
    Set<String> running = new TreeSet<>();
    long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
    while (running.size() < 2) {
      assertThat(driver.process().isAlive() && System.nanoTime() < limit)
          .as(() -> "the driver asks for two executors: " + Launcher.read(driver.err()))
          .isTrue();
      for (JsonNode pod : get("/api/v1/namespaces/coppice/pods").path("items")) {
        String name = pod.path("metadata").path("name").asText();
        String role = pod.path("metadata").path("labels").path("spark-role").asText();
        if (!role.equals("executor") || !running.add(name)) {
          continue;
        }
        JsonNode container = pod.path("spec").path("containers").get(0);
        assertThat(texts(container.path("args"))).containsExactly("executor");
        assertThat(container.path("securityContext").path("readOnlyRootFilesystem").asBoolean())
            .isTrue();
        // As in a pod, each has a working directory of its own: Spark fetches the jar into it.
        Path own = Files.createDirectories(directory.resolve(name));
        ProcessBuilder builder =
            new ProcessBuilder(entrypoint.toString(), "executor")
                .directory(own.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile());
        Map<String, String> environment = new HashMap<>();
        for (JsonNode variable : container.path("env")) {
          if (variable.has("value")) {
            environment.put(variable.path("name").asText(), variable.path("value").asText());
          }
        }
        assertThat(environment.get("_SPARK_AUTH_SECRET")).as("the secret of the run").isNotEmpty();
        environment.put("SPARK_EXECUTOR_POD_IP", "127.0.0.1");
        environment.put("SPARK_EXECUTOR_POD_NAME", name);
        environment.put("SPARK_LOCAL_DIRS", own.toString());
        environment.put("SPARK_CONF_DIR", directory.resolve("conf").toString());
        environment.put("SPARK_HOME", Launcher.sparkHome().toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().keySet().removeIf(key -> key.startsWith("SPARK_"));
        builder.environment().putAll(environment);
        started.add(builder.start());
      }
      Thread.sleep(100);
    }
  }

  /** What the driver asked of the API server, as verb and resource. */
  private Set<String> asked() throws Exception {
    Pattern form = Pattern.compile("(\\w+) /api/v1/namespaces/coppice/(\\w+)(/[^?]+)?(\\?.*)?");
    Set<String> asked = new TreeSet<>();
    for (String line : Files.readAllLines(directory.resolve("requests"))) {
      Matcher request = form.matcher(line);
      if (!request.matches() || line.endsWith(BY_TEST)) {
        continue;
      }
      boolean one = request.group(3) != null;
      String query = String.valueOf(request.group(4));
      String verb =
          switch (request.group(1)) {
            case "POST" -> "create";
            case "PATCH" -> "patch";
            case "PUT" -> "update";
            case "DELETE" -> one ? "delete" : "deletecollection";
            default -> query.contains("watch=true") ? "watch" : one ? "get" : "list";
          };
      asked.add(verb + " " + request.group(2));
    }
    return asked;
  }

  /** What the role allows, read from its few lines. */
  private static Set<String> allowed() throws Exception {
    Matcher rules =
        Pattern.compile("resources: \\[(\\w+)]\\s+verbs: \\[([^]]+)]")
            .matcher(Files.readString(HERE.resolve("base/role.yaml")));
    Set<String> allowed = new TreeSet<>();
    while (rules.find()) {
      for (String verb : rules.group(2).split(", ", -1)) {
        allowed.add(verb + " " + rules.group(1));
      }
    }
    return allowed;
  }

  private void startServer() throws Exception {
    Running running = mock(List.of("serve", directory));
    started.add(running.process());
    long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (!Files.exists(directory.resolve("port"))) {
      assertThat(running.process().isAlive() && System.nanoTime() < limit)
          .as(() -> Launcher.read(running.err()))
          .isTrue();
      Thread.sleep(100);
    }
    server = "http://127.0.0.1:" + Files.readString(directory.resolve("port"));
  }

  /** Starts the mock with the client libraries of the Spark home. */
  private Running mock(List<Object> arguments) throws Exception {
    String classPath =
        System.getProperty("coppice.kubernetes")
            + "/*"
            + File.pathSeparator
            + Launcher.sparkHome()
            + "/jars/*";
    List<Object> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                Launcher.root().resolve("spark-jobs/src/kubernetes/KubernetesMock.java")));
    command.addAll(arguments);
    return new Launcher(directory).start(directory, command.toArray());
  }

  private static Path coppice() {
    return Launcher.root().resolve("deploy/bin/coppice");
  }

  private JsonNode get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(server + path + BY_TEST)).build();
    return JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  private void post(String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server + path + BY_TEST))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static Map<String, String> mounts(JsonNode container) {
    Map<String, String> mounts = new HashMap<>();
    container
        .path("volumeMounts")
        .forEach(
            mount -> mounts.put(mount.path("name").asText(), mount.path("mountPath").asText()));
    return mounts;
  }

  private static JsonNode named(JsonNode array, String name) {
    return StreamSupport.stream(array.spliterator(), false)
        .filter(element -> element.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
