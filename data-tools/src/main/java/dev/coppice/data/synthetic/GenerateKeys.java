package dev.coppice.data.synthetic;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.Range;

/** The configuration keys of {@code generate}. */
public final class GenerateKeys {
  /** How rows are written. */
  public enum RawFormat {
    /** Comma-separated text with a header. */
    CSV,
    /** Parquet. */
    PARQUET
  }

  /** The directory to write. */
  public static final ConfigKey<String> OUTPUT =
      ConfigKey.path("output").asRequired().withDoc("directory of the generated interactions");

  /** Number of users. */
  public static final ConfigKey<Integer> USERS =
      ConfigKey.integer("users", 1, Integer.MAX_VALUE - 8)
          .withDefault(10_000)
          .withDoc("number of users");

  /** Number of items. */
  public static final ConfigKey<Integer> ITEMS =
      ConfigKey.integer("items", 1, Integer.MAX_VALUE - 8)
          .withDefault(5_000)
          .withDoc("number of items");

  /** Number of interactions aimed at. */
  public static final ConfigKey<Long> INTERACTIONS =
      ConfigKey.whole("interactions", 1, Long.MAX_VALUE)
          .withDefault(200_000L)
          .withDoc("number of interactions aimed at; the number written differs by a little");

  /** Number of planted communities. */
  public static final ConfigKey<Integer> COMMUNITIES =
      ConfigKey.integer("communities", 1, 1_000_000)
          .withDefault(20)
          .withDoc("number of planted communities of users and items");

  /** Share of interactions inside the community. */
  public static final ConfigKey<Double> AFFINITY =
      ConfigKey.number("affinity", Range.of(0, 1))
          .withDefault(0.8)
          .withDoc("share of a user's draws that fall inside the user's community");

  /** Steepness of the items' popularity. */
  public static final ConfigKey<Double> ITEM_SKEW =
      ConfigKey.number("itemSkew", Range.of(0, 3))
          .withDefault(0.8)
          .withDoc("popularity falls with rank^-itemSkew; 0 for equal items");

  /** Steepness of the users' activity. */
  public static final ConfigKey<Double> USER_SKEW =
      ConfigKey.number("userSkew", Range.of(0, 0.95))
          .withDefault(0.5)
          .withDoc("activity falls with rank^-userSkew; 0 for equal users");

  /** The seed. */
  public static final ConfigKey<Long> SEED =
      ConfigKey.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE)
          .withDefault(42L)
          .withDoc("seed of every random choice");

  /** How rows are written. */
  public static final ConfigKey<RawFormat> FORMAT =
      ConfigKey.oneOf("format", RawFormat.class)
          .withDefault(RawFormat.PARQUET)
          .withDoc("form of the output");

  /** Whether older generated data at the output may be replaced. */
  public static final ConfigKey<Boolean> OVERWRITE =
      ConfigKey.flag("overwrite")
          .withDefault(false)
          .withDoc("whether older generated data at output may be replaced");

  /** All keys. */
  public static final ConfigSchema SCHEMA =
      ConfigSchema.of(
          OUTPUT,
          USERS,
          ITEMS,
          INTERACTIONS,
          COMMUNITIES,
          AFFINITY,
          ITEM_SKEW,
          USER_SKEW,
          SEED,
          FORMAT,
          OVERWRITE);

  private GenerateKeys() {}
}
