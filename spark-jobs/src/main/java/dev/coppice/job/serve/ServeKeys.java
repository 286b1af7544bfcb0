package dev.coppice.job.serve;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.publish.PublishKeys;

/** Keys of {@code serve}. */
public final class ServeKeys {
  /** What is served. */
  public static final ConfigKey<String> FILE =
      ConfigKey.path("file")
          .asRequired()
          .withDoc(
              "serving file on a local disk, as export writes it; a new one that is renamed into"
                  + " its place is taken up. {runId} in it stands for the run that the registry has"
                  + " published");

  /** Whose published run is meant. */
  public static final ConfigKey<String> REGISTRY =
      PublishKeys.REGISTRY.withDoc(
          "registry whose published run {runId} in file stands for; when another one is published,"
              + " its file is taken up");

  /** Where to listen. */
  public static final ConfigKey<String> HOST =
      ConfigKey.text("host")
          .withDefault("127.0.0.1")
          .withDoc(
              "address to listen on; 0.0.0.0 for all. There is no login and no TLS: what reaches"
                  + " this address can ask");

  /** Where to listen. */
  public static final ConfigKey<Integer> PORT =
      ConfigKey.integer("port", 0, 65_535)
          .withDefault(8080)
          .withDoc("port to listen on; 0 takes a free one");

  /** Answers at a time. */
  public static final ConfigKey<Integer> THREADS =
      ConfigKey.integer("threads", 0, 10_000)
          .withDefault(0)
          .withDoc("answers that are made at the same time; 0 takes the number of cores");

  /** How often a new file is looked for. */
  public static final ConfigKey<Integer> RELOAD_SECONDS =
      ConfigKey.integer("reloadSeconds", 1, 86_400)
          .withDefault(10)
          .withDoc("seconds between two looks for a new file");

  /** Bound of a question. */
  public static final ConfigKey<Integer> MAX_BATCH =
      ConfigKey.integer("maxBatch", 1, 1_000_000)
          .withDefault(1000)
          .withDoc("most lists in one answer, and most items in one list");

  private ServeKeys() {}
}
