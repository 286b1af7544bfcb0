package dev.coppice.publish;

import dev.coppice.core.error.BadInputException;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Finds the model that another one is compared with. */
public final class OtherModel {
  private OtherModel() {}

  /**
   * Where to load a model from that is to be compared with another one: {@code path} itself if it
   * is a saved model; of a registry the published model, or the one before it where {@code model}
   * is the published one.
   *
   * @param model the place of the model to compare with
   * @return empty if there is no other model
   * @throws BadInputException if {@code path} is neither a saved model nor a registry
   */
  public static Optional<String> of(Configuration configuration, String path, String model)
      throws IOException {
    Registry registry = Registry.at(configuration, path);
    Path known = registry.files().makeQualified(new Path(model));
    if (registry.files().exists(new Path(registry.root(), RegistryModels.MODEL_FILE))) {
      return registry.root().equals(known) ? Optional.empty() : Optional.of(path);
    }
    if (!registry.exists()) {
      throw new BadInputException(
          "\"" + path + "\" is neither a saved model nor a registry. Correct the path.");
    }
    Optional<Publication> published = registry.latest();
    if (published.isEmpty()) {
      return Optional.empty();
    }
    String before = published.get().previousRunId();
    String runId =
        registry.model(published.get().runId()).equals(known) ? before : published.get().runId();
    return runId != null && registry.isRegistered(runId)
        ? Optional.of(registry.model(runId).toString())
        : Optional.empty();
  }
}
