package dev.coppice.job.rank;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.job.frame.CommonKeys;
import java.util.List;

/**
 * Keys of the jobs that use a trained model: {@code evaluate}, {@code recommend}, {@code similar}.
 */
public final class ModelKeys {
  /** The data set to evaluate on, or whose pairs are seen. */
  public static final ConfigKey<String> INPUT =
      ConfigKey.path("input").asRequired().withDoc("data set, as prepare writes it");

  /** The model. */
  public static final ConfigKey<String> MODEL =
      ConfigKey.path("model")
          .asRequired()
          .withDoc("model, as train writes it, or a registry: its published model");

  /** Where the result goes. */
  public static final ConfigKey<String> OUTPUT =
      ConfigKey.path("output").asRequired().withDoc("directory that the result goes to");

  /** Cut-offs of the metrics. */
  public static final ConfigKey<List<Integer>> CUTOFFS =
      ConfigKey.integers("cutoffs", 1, 10_000)
          .withDefault(List.of(5, 10, 20, 50))
          .withDoc("lengths of the lists that are measured: recall@20 and so on");

  /** The part to evaluate on. */
  public static final ConfigKey<String> PART =
      ConfigKey.oneOf("part", "test", "validation")
          .withDefault("test")
          .withDoc("part of the data set to evaluate on; the parts before it are seen");

  /** Whether popularity is evaluated too. */
  public static final ConfigKey<Boolean> POPULARITY =
      ConfigKey.flag("popularity")
          .withDefault(true)
          .withDoc("evaluate the popularity baseline as well");

  /** Another model to measure. */
  public static final ConfigKey<String> BESIDE =
      ConfigKey.path("beside")
          .withDoc(
              "another model, or a registry, to be measured on the same users and shown beside: the"
                  + " published model of the registry, or the one before it where that is model");

  /** What tune wrote. */
  public static final ConfigKey<String> TUNING =
      ConfigKey.path("tuning")
          .withDoc(
              "output of tune, whose trials the page shows as budget against quality; nothing is"
                  + " shown if there is none");

  /** Length of the lists. */
  public static final ConfigKey<Integer> K =
      ConfigKey.integer("k", 1, 10_000).withDefault(20).withDoc("items in a list");

  /** Whether seen items are left out. */
  public static final ConfigKey<Boolean> FILTER_SEEN =
      ConfigKey.flag("filterSeen")
          .withDefault(true)
          .withDoc("leave out what a user has in the train and validation parts of input");

  /** The form of the output. */
  public static final ConfigKey<String> OUTPUT_FORMAT =
      ConfigKey.oneOf("outputFormat", "parquet", "csv", "jsonl")
          .withDefault("parquet")
          .withDoc(
              "form of the output: parquet and jsonl have one row per list, csv one row per entry"
                  + " with its position");

  private ModelKeys() {}

  static ConfigSchema evaluate() {
    return ConfigSchema.of(INPUT, MODEL, OUTPUT, CUTOFFS, PART, POPULARITY, BESIDE, TUNING)
        .and(TitleKeys.schema())
        .and(CommonKeys.schema());
  }

  static ConfigSchema recommend() {
    return ConfigSchema.of(INPUT, MODEL, OUTPUT, K, FILTER_SEEN, OUTPUT_FORMAT)
        .and(ListTableKeys.schema())
        .and(RuleKeys.schema())
        .and(CommonKeys.schema());
  }

  static ConfigSchema similar() {
    ConfigKey<String> input =
        ConfigKey.path("input")
            .withDoc("data set; if given, the job says whether the model was trained on it");
    return ConfigSchema.of(input, MODEL, OUTPUT, K, OUTPUT_FORMAT)
        .and(ListTableKeys.schema())
        .and(CommonKeys.schema());
  }
}
