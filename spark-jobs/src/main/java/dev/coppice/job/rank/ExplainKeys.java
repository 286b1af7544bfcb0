package dev.coppice.job.rank;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.job.frame.CommonKeys;

/** Keys of {@code explain}. */
public final class ExplainKeys {
  /** The model or the file. */
  public static final ConfigKey<String> MODEL =
      ConfigKey.path("model")
          .asRequired()
          .withDoc(
              "model, as train writes it, or a local serving file, as export writes it, which is"
                  + " faster to look into again and again");

  /** The data set of the users' own items. */
  public static final ConfigKey<String> INPUT =
      ConfigKey.path("input")
          .withDoc(
              "data set whose train and validation pairs are the users' own items; for a model"
                  + " only, a serving file has its own. Where items have neighbours, those of the"
                  + " users' histories are known without it");

  /** Whom to explain. */
  public static final ConfigKey<String> USER =
      ConfigKey.text("user").withDoc("id of the user whose list or item is explained");

  /** What to explain. */
  public static final ConfigKey<String> ITEM =
      ConfigKey.text("item")
          .withDoc("id of the item that is explained to user; without it, the best k for user");

  /** A dimension. */
  public static final ConfigKey<Integer> DIMENSION =
      ConfigKey.integer("dimension", 0, 65_534)
          .withDoc(
              "dimension whose top items and users are shown; without it and without user, the"
                  + " strongest ones");

  /** How many. */
  public static final ConfigKey<Integer> K =
      ConfigKey.integer("k", 1, 1000)
          .withDefault(5)
          .withDoc(
              "recommendations, dimensions, own items, and items or users of a dimension that are"
                  + " shown");

  /** The form of the output. */
  public static final ConfigKey<String> FORM =
      ConfigKey.oneOf("form", "text", "json")
          .withDefault("text")
          .withDoc("what is printed: text for people, or one JSON document");

  private ExplainKeys() {}

  static ConfigSchema schema() {
    return ConfigSchema.of(MODEL, INPUT, USER, ITEM, DIMENSION, K, FORM)
        .and(TitleKeys.schema())
        .and(ConfigSchema.of(CommonKeys.WORK_DIR));
  }
}
