import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Kubernetes without a cluster, for KubernetesIT: an API server that keeps what it is given, and the
 * schemas of the resources. Compiled by the java command that starts it, so that its libraries are on
 * no class path of the build.
 *
 * <p>Usage: KubernetesMock serve DIR | KubernetesMock check FILE...
 *
 * <p>serve writes its port to DIR/port and every request as "METHOD PATH" to DIR/requests, and ends
 * when its standard input does. check reads YAML documents and prints every field that the schema of
 * its resource does not have; exit code 1 if there is one.
 */
public final class KubernetesMock {
  private KubernetesMock() {}

  /** Runs one of the two. */
  public static void main(String[] arguments) throws Exception {
    List<String> rest = List.of(arguments).subList(1, arguments.length);
    if (arguments[0].equals("serve")) {
      serve(Path.of(rest.get(0)));
      System.exit(0);
    }
    List<String> problems = new ArrayList<>();
    for (String file : rest) {
      check(file, problems);
    }
    problems.forEach(System.out::println);
    System.exit(problems.isEmpty() ? 0 : 1);
  }

  private static void serve(Path directory) throws Exception {
    MockWebServer server = new MockWebServer();
    server.setDispatcher(new Api(directory.resolve("requests")));
    server.start(InetAddress.getLoopbackAddress(), 0);
    Path port = directory.resolve("port.new");
    Files.writeString(port, String.valueOf(server.getPort()));
    Files.move(port, directory.resolve("port"));
    while (System.in.read() >= 0) {
      // Only its end is waited for.
    }
  }

  /** The mock's memory, with what it does not know: server-side apply, and pods that wait. */
  private static final class Api extends Dispatcher {
    private final KubernetesCrudDispatcher memory = new KubernetesCrudDispatcher();
    private final Path requests;

    Api(Path requests) {
      this.requests = requests;
    }

    @Override
    public synchronized MockResponse dispatch(RecordedRequest request) {
      log(request.getMethod() + " " + request.getPath());
      String type = request.getHeader("Content-Type");
      if (request.getMethod().equals("PATCH") && type != null && type.contains("apply-patch")) {
        return apply(request);
      }
      if (request.getMethod().equals("POST") && request.getPath().matches(".*/pods(\\?.*)?")) {
        return memory.dispatch(pending(request));
      }
      return memory.dispatch(request);
    }

    private MockResponse apply(RecordedRequest request) {
      String path = request.getPath().replaceFirst("\\?.*", "");
      if (memory.handleGet(path).code() == 200) {
        Headers merge = Headers.builder().add("Content-Type", "application/merge-patch+json").build();
        return memory.dispatch(
            new RecordedRequest("HTTP/1.1", HttpMethod.PATCH, path, merge, request.getBody()));
      }
      String parent = path.substring(0, path.lastIndexOf('/'));
      RecordedRequest post =
          new RecordedRequest(
              "HTTP/1.1", HttpMethod.POST, parent, request.getHeaders(), request.getBody());
      return memory.dispatch(parent.endsWith("/pods") ? pending(post) : post);
    }

    private static RecordedRequest pending(RecordedRequest post) {
      GenericKubernetesResource pod =
          Serialization.unmarshal(post.getUtf8Body(), GenericKubernetesResource.class);
      pod.setAdditionalProperty("status", Map.of("phase", "Pending"));
      return new RecordedRequest(
          "HTTP/1.1",
          HttpMethod.POST,
          post.getPath(),
          post.getHeaders(),
          new Buffer(Serialization.asJson(pod).getBytes(StandardCharsets.UTF_8)));
    }

    private void log(String line) {
      try {
        Files.writeString(
            requests, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  private static void check(String file, List<String> problems) throws Exception {
    for (String document : Files.readString(Path.of(file)).split("(?m)^---\\s*$")) {
      if (document.isBlank()) {
        continue;
      }
      HasMetadata resource = Serialization.unmarshal(document);
      if (resource instanceof GenericKubernetesResource) {
        // A resource of an operator: its schema is not part of Kubernetes.
        continue;
      }
      walk(file + ": " + resource.getKind(), resource, problems);
    }
  }

  /** The models put a field that they do not know into a map of additional ones. */
  private static void walk(String place, Object value, List<String> problems) throws Exception {
    if (value instanceof Collection<?> list) {
      for (Object element : list) {
        walk(place + "[]", element, problems);
      }
    } else if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        walk(place + "." + entry.getKey(), entry.getValue(), problems);
      }
    } else if (value instanceof KubernetesResource) {
      for (Method method : value.getClass().getMethods()) {
        boolean getter = method.getName().startsWith("get") && method.getParameterCount() == 0;
        if (!getter || method.getDeclaringClass() == Object.class) {
          continue;
        }
        Object inner = method.invoke(value);
        if (method.getName().equals("getAdditionalProperties")) {
          ((Map<?, ?>) inner).keySet().forEach(key -> problems.add(place + "." + key));
        } else {
          walk(place + "." + method.getName().substring(3), inner, problems);
        }
      }
    }
  }
}
