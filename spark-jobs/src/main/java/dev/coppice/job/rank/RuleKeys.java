package dev.coppice.job.rank;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;

/** Keys of what lists may hold, for {@code recommend}. */
public final class RuleKeys {
  private static final String FORM = "Parquet, or CSV with a header; further columns are not read";

  /** What may be recommended. */
  public static final ConfigKey<String> ALLOW =
      ConfigKey.path("allow")
          .withDoc(
              "file or directory with a column item: nothing else is recommended, as when these are"
                  + " in stock. With a column user too, each row allows the item to that user, and"
                  + " users without a row get an empty list. "
                  + FORM);

  /** What may not be recommended. */
  public static final ConfigKey<String> DENY =
      ConfigKey.path("deny")
          .withDoc(
              "file or directory with a column item: these are not recommended; with a column user"
                  + " too, not to that user. "
                  + FORM);

  /** What items have in common. */
  public static final ConfigKey<String> GROUPS =
      ConfigKey.path("groups")
          .withDoc(
              "file or directory with columns item and group, such as its artist; an item may be in"
                  + " several groups or none. "
                  + FORM);

  /** How many of a group. */
  public static final ConfigKey<Integer> MOST_PER_GROUP =
      ConfigKey.integer("mostPerGroup", 1, 10_000)
          .withDoc(
              "items of one group in a list at most, for variety: lists are filled from the top,"
                  + " and an item whose group is full is passed over; needs groups");

  /** How many of a dimension. */
  public static final ConfigKey<Integer> MOST_PER_DIMENSION =
      ConfigKey.integer("mostPerDimension", 1, 10_000)
          .withDoc(
              "items whose largest weight is in one latent dimension in a list at most: variety"
                  + " where no groups are known; goes with mostPerGroup or without");

  private RuleKeys() {}

  static ConfigSchema schema() {
    return ConfigSchema.of(ALLOW, DENY, GROUPS, MOST_PER_GROUP, MOST_PER_DIMENSION);
  }
}
