package dev.coppice.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The models that a server of Spark Connect has put aside.
 *
 * <p>The server saves each model that it holds in a local directory too, so that it can drop the
 * object from the driver's memory and read it again, and deletes the directory when the client lets
 * the model go. The tables of our models lie in the storage of the executors; what the driver holds
 * is small, and executors could not write into its directory. So the object is kept as long as the
 * directory is there, which stays empty.
 */
final class ServerModels {
  /** What the driver holds of a model is Params and plans; the server wants to know, in bytes. */
  static final long ESTIMATED_BYTES = 1 << 20;

  private static final Map<Path, SparseModel<?>> KEPT = new ConcurrentHashMap<>();

  private ServerModels() {}

  /** Keeps a model until its directory, which is made, is deleted. */
  static void keep(String directory, SparseModel<?> model) throws IOException {
    KEPT.keySet().removeIf(path -> !Files.exists(path));
    Path path = Files.createDirectories(Path.of(directory).toAbsolutePath());
    KEPT.put(path, model);
  }

  /**
   * Returns the model of a directory.
   *
   * @throws IllegalStateException if the directory has none, or is deleted
   */
  static SparseModel<?> kept(String directory) {
    Path path = Path.of(directory).toAbsolutePath();
    SparseModel<?> model = Files.exists(path) ? KEPT.get(path) : null;
    if (model == null) {
      throw new IllegalStateException(
          "no model is kept for " + path + ": train it again, or load a saved one");
    }
    return model;
  }
}
