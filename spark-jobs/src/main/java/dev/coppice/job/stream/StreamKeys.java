package dev.coppice.job.stream;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.data.prepare.PrepareKeys;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.rank.ModelKeys;
import dev.coppice.observe.ObserveKeys;
import java.util.List;

/** Keys of {@code stream}. */
public final class StreamKeys {
  /** The directory that files come into. */
  public static final ConfigKey<String> INPUT =
      ConfigKey.path("input")
          .withDoc(
              "directory whose files are taken, and those that are put there later, each once, by a"
                  + " rename or whole from the start; or set kafkaServers");

  /** Kafka's brokers. */
  public static final ConfigKey<List<String>> KAFKA_SERVERS =
      ConfigKey.texts("kafkaServers")
          .withDoc(
              "brokers to begin with, host:port, separated by commas; the connector comes with"
                  + " spark-submit --packages");

  /** What is read of Kafka. */
  public static final ConfigKey<String> KAFKA_TOPIC =
      ConfigKey.text("kafkaTopic")
          .withDoc("topic of kafkaServers; the value of each message is a row in the given format");

  /** What else Kafka's connector is told. */
  public static final ConfigKey<String> KAFKA_OPTIONS =
      ConfigKey.path("kafkaOptions")
          .withDoc(
              "file of NAME = VALUE lines, options of Spark's Kafka source, such as"
                  + " kafka.security.protocol or startingOffsets (earliest unless it says"
                  + " otherwise); what is in it is not shown anywhere");

  /** The columns of the rows. */
  public static final ConfigKey<List<String>> COLUMNS =
      ConfigKey.texts("columns")
          .withDoc(
              "the columns of the rows in their order: of delimited text their names, by default"
                  + " userCol, itemCol and weightCol; of parquet and orc names and types, such as"
                  + " user string, item bigint");

  /** Whether files begin with names. */
  public static final ConfigKey<Boolean> HEADER =
      PrepareKeys.HEADER.withDoc(
          "whether each file begins with the names of columns; by default so for csv files. A file"
              + " that begins with others ends the job");

  /** The column of the weight. */
  public static final ConfigKey<String> WEIGHT_COL =
      PrepareKeys.WEIGHT_COL.withDoc(
          "column of the weight; without it a pair weighs 1 however often it comes");

  /** What becomes of a pair that comes again. */
  public static final ConfigKey<String> DUPLICATES =
      ConfigKey.oneOf("duplicates", "sum", "last")
          .withDefault("sum")
          .withDoc(
              "a pair that comes again: add the weights, or take the one of the last batch (the"
                  + " greatest of it); with weightCol");

  /** Where Spark keeps how far it is. */
  public static final ConfigKey<String> CHECKPOINT =
      ConfigKey.path("checkpoint")
          .withDoc("where Spark notes how far it is; by default _checkpoint in output");

  /** How often batches are made. */
  public static final ConfigKey<Integer> EVERY_SECONDS =
      ConfigKey.integer("everySeconds", 1, 86_400)
          .withDoc(
              "a batch every so many seconds, until the process is ended; without it the job takes"
                  + " what is there and ends");

  /** The size of a batch of files. */
  public static final ConfigKey<Integer> FILES_PER_BATCH =
      ConfigKey.integer("filesPerBatch", 1, 1_000_000)
          .withDefault(100)
          .withDoc("files of a batch at most");

  /** The size of a batch of messages. */
  public static final ConfigKey<Long> MESSAGES_PER_BATCH =
      ConfigKey.whole("messagesPerBatch", 1, Long.MAX_VALUE)
          .withDefault(1_000_000L)
          .withDoc("messages of a batch at most, for kafkaServers");

  /** Length of the lists. */
  public static final ConfigKey<Integer> K =
      ConfigKey.integer("k", 0, 10_000)
          .withDefault(20)
          .withDoc("items in the list of each user of a batch; 0: rows of users alone");

  /** What users had before. */
  public static final ConfigKey<String> PAST =
      ConfigKey.path("past")
          .withDoc(
              "data set, as prepare writes it: what users have in its train and validation parts is"
                  + " what they had before the stream, as what the model was trained on; without"
                  + " it they begin with nothing. Read once, by the first batch");

  /** The bound of what is kept of a user. */
  public static final ConfigKey<Integer> HISTORY =
      ConfigKey.integer("historyLength", 1, 1_000_000)
          .withDefault(1000)
          .withDoc(
              "pairs that are kept of a user at most; those that came last longest ago fall out,"
                  + " and are counted");

  private StreamKeys() {}

  static ConfigSchema schema() {
    return ConfigSchema.of(
            INPUT,
            KAFKA_SERVERS,
            KAFKA_TOPIC,
            KAFKA_OPTIONS,
            ModelKeys.MODEL,
            ModelKeys.OUTPUT,
            PrepareKeys.FORMAT,
            COLUMNS,
            PrepareKeys.DELIMITER,
            HEADER,
            PrepareKeys.QUOTE,
            PrepareKeys.USER_COL,
            PrepareKeys.ITEM_COL,
            WEIGHT_COL,
            PrepareKeys.NULL_VALUE,
            PrepareKeys.NEGATIVE_WEIGHTS,
            DUPLICATES,
            CHECKPOINT,
            EVERY_SECONDS,
            FILES_PER_BATCH,
            MESSAGES_PER_BATCH,
            K,
            PAST,
            HISTORY)
        .and(ConfigSchema.of(CommonKeys.WORK_DIR))
        .and(ObserveKeys.schema());
  }
}
