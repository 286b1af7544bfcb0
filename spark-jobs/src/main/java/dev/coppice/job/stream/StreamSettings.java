package dev.coppice.job.stream;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.UsageException;
import dev.coppice.data.prepare.PrepareKeys;
import dev.coppice.data.prepare.PrepareSettings;
import dev.coppice.data.read.Columns;
import dev.coppice.data.read.InputFormat;
import dev.coppice.data.read.ReadSettings;
import dev.coppice.data.read.StreamedRows;
import java.util.ArrayList;
import java.util.List;

/**
 * The checked settings of how rows are read.
 *
 * @param kafka whether they are messages
 * @param reading how a row is taken apart
 * @param columns names, or names and types, of the columns
 */
record StreamSettings(boolean kafka, ReadSettings reading, List<String> columns) {

  /**
   * Joins settings.
   *
   * @throws UsageException if they do not fit together
   */
  static StreamSettings of(ConfigValues values) {
    boolean kafka = kafka(values);
    InputFormat format = values.get(PrepareKeys.FORMAT);
    String form = values.asMap().get(PrepareKeys.FORMAT.name());
    if (!StreamedRows.isStreamed(format) || (kafka && !format.isText())) {
      throw new UsageException(
          "format = "
              + form
              + " cannot be read "
              + (kafka ? "from Kafka" : "as it comes")
              + "; allowed: csv, tsv, delimited, jsonl"
              + (kafka ? "" : ", parquet, orc")
              + ".");
    }
    if (!format.isDelimited()) {
      for (ConfigKey<?> key :
          List.of(PrepareKeys.DELIMITER, StreamKeys.HEADER, PrepareKeys.QUOTE)) {
        refuse(values, key, "has no meaning for format = " + form);
      }
    }
    if (format == InputFormat.JSONL) {
      refuse(values, StreamKeys.COLUMNS, "has no meaning for format = jsonl");
    }
    if (format == InputFormat.DELIMITED && values.find(PrepareKeys.DELIMITER).isEmpty()) {
      throw new UsageException("format = delimited needs delimiter. Set it.");
    }
    if (!format.isText() && values.find(StreamKeys.COLUMNS).isEmpty()) {
      throw new UsageException(
          "format = "
              + form
              + " needs columns, the names and types of the columns, such as \"user string, item"
              + " bigint\". Set it.");
    }
    if (values.find(StreamKeys.WEIGHT_COL).isEmpty()) {
      refuse(values, StreamKeys.DUPLICATES, "has an effect only with weightCol");
    }
    boolean header = !kafka && values.find(StreamKeys.HEADER).orElse(format == InputFormat.CSV);
    Columns columns =
        new Columns(
            values.find(PrepareKeys.USER_COL).orElse("user"),
            values.find(PrepareKeys.ITEM_COL).orElse("item"),
            values.find(StreamKeys.WEIGHT_COL).orElse(null),
            null,
            null);
    List<String> names = values.find(StreamKeys.COLUMNS).orElseGet(() -> named(columns));
    if (format.isDelimited()) {
      StreamedRows.positions(columns, names);
    }
    ReadSettings reading =
        new ReadSettings(
            format,
            PrepareSettings.delimiter(values, format),
            PrepareSettings.quote(values, format),
            header,
            values.isGiven(StreamKeys.HEADER),
            "UTF-8",
            columns,
            null,
            values.find(PrepareKeys.TIME_FORMAT).orElse("epochSeconds"),
            false,
            values.find(PrepareKeys.NULL_VALUE).orElse(List.of()),
            values.get(PrepareKeys.NEGATIVE_WEIGHTS));
    return new StreamSettings(kafka, reading, names);
  }

  private static boolean kafka(ConfigValues values) {
    boolean files = values.find(StreamKeys.INPUT).isPresent();
    boolean kafka = values.find(StreamKeys.KAFKA_SERVERS).isPresent();
    if (files == kafka) {
      throw new UsageException(
          (files ? "input and kafkaServers are both set" : "neither input nor kafkaServers is set")
              + ". Set the one that rows come from.");
    }
    if (kafka && values.find(StreamKeys.KAFKA_TOPIC).isEmpty()) {
      throw new UsageException("kafkaServers needs kafkaTopic. Set it.");
    }
    for (ConfigKey<?> key :
        kafka
            ? List.<ConfigKey<?>>of(StreamKeys.FILES_PER_BATCH, StreamKeys.HEADER)
            : List.<ConfigKey<?>>of(
                StreamKeys.KAFKA_TOPIC, StreamKeys.KAFKA_OPTIONS, StreamKeys.MESSAGES_PER_BATCH)) {
      refuse(values, key, kafka ? "is for files, not for Kafka" : "is for kafkaServers");
    }
    return kafka;
  }

  private static List<String> named(Columns columns) {
    List<String> names = new ArrayList<>(List.of(columns.user(), columns.item()));
    if (columns.weight() != null) {
      names.add(columns.weight());
    }
    return names;
  }

  private static void refuse(ConfigValues values, ConfigKey<?> key, String why) {
    if (values.isGiven(key)) {
      throw new UsageException(key.name() + " " + why + ". Remove it.");
    }
  }
}
