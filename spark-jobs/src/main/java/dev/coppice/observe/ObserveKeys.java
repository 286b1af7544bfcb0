package dev.coppice.observe;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.UsageException;
import java.net.URI;
import java.net.URISyntaxException;

/** Keys of all jobs that say who else is told of a run. */
public final class ObserveKeys {
  /** The event log. */
  public static final ConfigKey<String> EVENTS =
      ConfigKey.path("events")
          .withDoc(
              "directory for the event log: JSON lines, one file a run, on any file system;"
                  + " default: none");

  /** The tracking server. */
  public static final ConfigKey<String> MLFLOW_URI =
      ConfigKey.text("mlflowUri")
          .withDoc(
              "MLflow tracking server that is told of the run, such as http://mlflow:5000; users"
                  + " and tokens come from MLFLOW_TRACKING_USERNAME, _PASSWORD and _TOKEN; default:"
                  + " none");

  /** The experiment. */
  public static final ConfigKey<String> MLFLOW_EXPERIMENT =
      ConfigKey.text("mlflowExperiment")
          .withDefault("coppice")
          .withDoc("MLflow experiment of the run; made if it is not there");

  private ObserveKeys() {}

  /** All of them. */
  public static ConfigSchema schema() {
    return ConfigSchema.of(EVENTS, MLFLOW_URI, MLFLOW_EXPERIMENT);
  }

  /**
   * Checks what single keys cannot.
   *
   * @throws UsageException if mlflowUri is no address of a server, or holds a password
   */
  public static void check(ConfigValues values) {
    values.find(MLFLOW_URI).ifPresent(ObserveKeys::server);
  }

  /** The address of the server. */
  static URI server(String text) {
    URI uri;
    try {
      uri = new URI(text.strip().replaceAll("/+$", ""));
    } catch (URISyntaxException e) {
      throw new UsageException("mlflowUri is no address: " + e.getReason() + ". Change it.", e);
    }
    String scheme = String.valueOf(uri.getScheme());
    if (uri.getUserInfo() != null) {
      // Not repeated here: settings are saved with the model, messages are logged.
      throw new UsageException(
          "mlflowUri holds a user, and would be saved with the model. Give user and password with"
              + " MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.");
    }
    if (!scheme.matches("https?") || uri.getHost() == null) {
      throw new UsageException(
          "mlflowUri = \""
              + text
              + "\" is not allowed: it must be the address of a server, http://... or https://...;"
              + " file stores are not supported. Change it, or leave it out.");
    }
    return uri;
  }
}
