package dev.coppice.spark;

import dev.coppice.core.config.ConfigKey;

/** What the estimators of this package and their models have in common, each declared once. */
public final class ScoringKeys {
  public static final ConfigKey<String> USER_COL =
      ConfigKey.text("userCol")
          .withDefault("user")
          .withDoc("column of user ids: string, long, int, short or byte");

  public static final ConfigKey<String> ITEM_COL =
      ConfigKey.text("itemCol")
          .withDefault("item")
          .withDoc("column of item ids: string, long, int, short or byte");

  public static final ConfigKey<String> PREDICTION_COL =
      ConfigKey.text("predictionCol")
          .withDefault("prediction")
          .withDoc("column that receives the score, float");

  public static final ConfigKey<String> COLD_START_STRATEGY =
      ConfigKey.oneOf("coldStartStrategy", "nan", "drop")
          .withDefault("nan")
          .withDoc(
              "what transform does with a user or item (or client) unknown to the model: nan (a"
                  + " prediction that is not a number) or drop (the row is left out)");

  public static final ConfigKey<Integer> NUM_PARTITIONS =
      ConfigKey.integer("numPartitions", 0, Integer.MAX_VALUE)
          .withDefault(0)
          .withDoc(
              "partitions of a step; 0 chooses by the cores there are; no result depends on it");

  public static final ConfigKey<String> POSITION_COL =
      ConfigKey.text("positionCol")
          .withDoc(
              "column that receives the position, from 1, of the row's item in its user's ranking"
                  + " of all items but the training pairs, int, null beyond positionDepth");

  public static final ConfigKey<Integer> POSITION_DEPTH =
      ConfigKey.integer("positionDepth", 1, Integer.MAX_VALUE)
          .withDefault(100)
          .withDoc("how far down a ranking positions are looked for");

  public static final ConfigKey<Integer> LIST_LENGTH =
      ConfigKey.integer("listLength", 0, Integer.MAX_VALUE)
          .withDefault(0)
          .withDoc(
              "more than 0: transform lists so many items for each user of the rows, without those"
                  + " that the rows name, instead of scoring the rows");

  public static final ConfigKey<Integer> BLOCK_SIZE =
      ConfigKey.integer("blockSize", 1, Integer.MAX_VALUE)
          .withDefault(1024)
          .withDoc("rows that are scored together; no result depends on it");

  public static final ConfigKey<Long> BROADCAST_LIMIT =
      ConfigKey.whole("broadcastLimit", 0, Long.MAX_VALUE)
          .withDefault(256L * 1024 * 1024)
          .withDoc(
              "largest table, in bytes, that is sent to every executor as a whole; a larger one is"
                  + " sent block by block; no result depends on it");

  public static final ConfigKey<String> CLIENT_COL =
      ConfigKey.text("clientCol")
          .withDefault("client")
          .withDoc("column that says which client a row belongs to; its values are read as text");

  private ScoringKeys() {}
}
