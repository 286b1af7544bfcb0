package dev.coppice.job.serve;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.rank.ModelKeys;

/** Keys of {@code export}, beside those of {@link ModelKeys}. */
public final class ExportKeys {
  /** The file. */
  public static final ConfigKey<String> OUTPUT =
      ConfigKey.path("output").asRequired().withDoc("file that the model goes to");

  /** Form of the weights. */
  public static final ConfigKey<String> WEIGHTS =
      ConfigKey.oneOf("weights", "32", "16")
          .withDefault("32")
          .withDoc(
              "bits of a weight: 32 as trained, 16 for half precision times one power of two a"
                  + " table");

  /** The data set of the seen items. */
  public static final ConfigKey<String> SEEN =
      ConfigKey.path("seen")
          .withDoc(
              "data set whose train and validation pairs go into the file as what users have seen;"
                  + " without it the file knows none");

  /** Whether users can be folded in. */
  public static final ConfigKey<Boolean> FOLD_IN =
      ConfigKey.flag("foldIn")
          .withDefault(true)
          .withDoc(
              "put the items' Gramian into the file, 4 * rank^2 bytes, so that it can rank for"
                  + " lists of items");

  /** The data set to measure on. */
  public static final ConfigKey<String> QUALITY =
      ConfigKey.path("quality")
          .withDoc(
              "data set to measure Recall@20 and NDCG@20 on, read from the file itself; with 16"
                  + " bits beside a file of 32");

  /** Where scratch files go. */
  public static final ConfigKey<String> SCRATCH =
      ConfigKey.path("scratch")
          .withDoc(
              "local directory for scratch files, about as large as the file; by default that of a"
                  + " local output, else the JVM's temporary one");

  private ExportKeys() {}

  static ConfigSchema schema() {
    return ConfigSchema.of(
            ModelKeys.MODEL, OUTPUT, WEIGHTS, SEEN, FOLD_IN, QUALITY, ModelKeys.PART, SCRATCH)
        .and(CommonKeys.schema());
  }
}
