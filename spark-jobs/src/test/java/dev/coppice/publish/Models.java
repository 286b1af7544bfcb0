package dev.coppice.publish;

import dev.coppice.files.LeaseLock;
import dev.coppice.files.SmallFile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** Directories that look like models to a registry, and whole runs that publish them. */
final class Models {
  private Models() {}

  /** What the gate says of a model that is as good as the one before. */
  static Verdict good(double value) {
    return new Verdict("ndcg@20", value, "before", value, 0.1, 10, 0);
  }

  /** A whole run as the jobs do it: model, registration, publication. */
  static Optional<Publication> run(Configuration configuration, String root, String runId, int keep)
      throws IOException {
    Registry registry = Registry.at(configuration, root);
    try (LeaseLock lock = registry.lockRun()) {
      if (registry.wasPublished(runId)) {
        return Optional.empty();
      }
      if (!registry.isRegistered(runId)) {
        registry.removeDebris();
        write(configuration, registry.model(runId), runId);
        lock.check();
        registry.register(runId);
      }
      return registry.publish(runId, good(0.5), registry.latest(), keep);
    }
  }

  /** Writes a model beside its place and renames it, as training does. */
  static void write(Configuration configuration, org.apache.hadoop.fs.Path place, String content)
      throws IOException {
    FileSystem fs = SmallFile.files(configuration, place);
    org.apache.hadoop.fs.Path draft =
        new org.apache.hadoop.fs.Path(place.getParent(), "." + place.getName() + ".tmp");
    for (String file : new String[] {"coppice.json", "items/part-0", "users/part-0"}) {
      try (OutputStream out = fs.create(new org.apache.hadoop.fs.Path(draft, file), true)) {
        out.write((content + " " + file).getBytes(StandardCharsets.UTF_8));
      }
    }
    if (!fs.rename(draft, place)) {
      throw new IOException("could not rename " + draft);
    }
  }

  /** Whether a model is there as {@link #write} wrote it. */
  static boolean isWhole(Path model) throws IOException {
    String runId = model.getFileName().toString();
    for (String file : new String[] {"coppice.json", "items/part-0", "users/part-0"}) {
      Path path = model.resolve(file);
      if (!Files.exists(path) || !Files.readString(path).equals(runId + " " + file)) {
        return false;
      }
    }
    return true;
  }

  /** Every file below a directory with its bytes as text. */
  static Map<String, String> files(Path directory) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      all.filter(Files::isRegularFile)
          .forEach(
              file -> {
                try {
                  byte[] bytes = Files.readAllBytes(file);
                  files.put(
                      directory.relativize(file).toString(),
                      new String(bytes, StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
    return files;
  }
}
