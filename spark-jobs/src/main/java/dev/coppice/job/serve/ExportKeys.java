package dev.coppice.job.serve;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.UsageException;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.rank.ModelKeys;
import dev.coppice.job.rank.TitleKeys;
import dev.coppice.spark.store.VectorForm;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Keys of {@code export}, beside those of {@link ModelKeys}. */
public final class ExportKeys {
  /** The word of a serving file. */
  static final String SERVING = "serving";

  /** The file. */
  public static final ConfigKey<String> OUTPUT =
      ConfigKey.path("output")
          .asRequired()
          .withDoc(
              "file that the model goes to; with exportFormat other than serving, a directory");

  /** What is written. */
  public static final ConfigKey<String> FORMAT =
      ConfigKey.oneOf("exportFormat", words())
          .withDefault(SERVING)
          .withDoc(
              "serving: one flat file, to be served without Spark. elasticsearch and qdrant: the"
                  + " items as lines of JSON, sparse vectors for Elasticsearch, OpenSearch or"
                  + " Lucene, whose weights must not be below 0 (nonnegative = true in training),"
                  + " or for Qdrant");

  /** Whether the users are written too. */
  public static final ConfigKey<Boolean> QUERIES =
      ConfigKey.flag("queries")
          .withDefault(false)
          .withDoc("with exportFormat other than serving, write the users too, as queries");

  /** What becomes of neighbours that repel. */
  public static final ConfigKey<String> NEGATIVE_NEIGHBOURS =
      ConfigKey.oneOf("negativeNeighbours", "refuse", "drop")
          .withDefault("refuse")
          .withDoc(
              "with exportFormat = elasticsearch, what to do about neighbours of a weight below 0:"
                  + " refuse, or drop them, which changes lists");

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

  /** What one format alone has a use for, and no other job. */
  private static final List<ConfigKey<?>> OF_SERVING =
      List.of(WEIGHTS, SEEN, FOLD_IN, QUALITY, SCRATCH);

  private static final List<ConfigKey<?>> OF_VECTORS = List.of(QUERIES, NEGATIVE_NEIGHBOURS);

  private ExportKeys() {}

  private static String[] words() {
    return Stream.concat(Stream.of(SERVING), Stream.of(VectorForm.words())).toArray(String[]::new);
  }

  /** The form of the lines, if it is lines that are asked for. */
  static Optional<VectorForm> lines(ConfigValues values) {
    String word = values.get(FORMAT);
    return word.equals(SERVING)
        ? Optional.empty()
        : Optional.of(VectorForm.valueOf(word.toUpperCase(Locale.ROOT)));
  }

  /**
   * Refuses keys that the format has no use for.
   *
   * @throws UsageException naming the first of them
   */
  static void check(ConfigValues values) {
    boolean lines = lines(values).isPresent();
    for (ConfigKey<?> key : lines ? OF_SERVING : OF_VECTORS) {
      if (values.isGiven(key)) {
        throw new UsageException(
            key.name()
                + " is given, but exportFormat is "
                + values.get(FORMAT)
                + ", which has no use for it. Leave it out, or set exportFormat "
                + (lines ? "= " + SERVING : "to another")
                + ".");
      }
    }
  }

  static ConfigSchema schema() {
    return ConfigSchema.of(
            ModelKeys.MODEL,
            OUTPUT,
            FORMAT,
            WEIGHTS,
            SEEN,
            FOLD_IN,
            QUALITY,
            ModelKeys.PART,
            SCRATCH,
            QUERIES,
            NEGATIVE_NEIGHBOURS)
        .and(TitleKeys.schema())
        .and(CommonKeys.schema());
  }
}
