package dev.coppice.job.stream;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.UsageException;
import dev.coppice.data.read.StreamedRows;
import dev.coppice.job.frame.JobContext;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamReader;
import org.apache.spark.sql.types.StructType;
import scala.util.Properties$;

/** Where the rows of {@code stream} come from. */
final class StreamSource {
  private StreamSource() {}

  /**
   * The rows as they come, in the columns of {@link dev.coppice.data.read.ParsedRows}.
   *
   * @throws UsageException if the source is not there, or its columns are not
   */
  static Dataset<Row> of(JobContext context, ConfigValues values, StreamSettings settings)
      throws IOException {
    SparkSession spark = context.spark();
    StreamedRows reader = new StreamedRows(spark, settings.reading(), settings.columns());
    if (settings.kafka()) {
      return reader.messages(kafka(context, values));
    }
    String input = values.get(StreamKeys.INPUT);
    Path path = new Path(input);
    FileSystem files = path.getFileSystem(context.hadoop());
    FileStatus status = files.exists(path) ? files.getFileStatus(path) : null;
    if (status == null || !status.isDirectory()) {
      throw new UsageException(
          "input = \""
              + input
              + "\" is "
              + (status == null ? "not there" : "a file")
              + "; it must be a directory that files are put into. Make it, or correct the path.");
    }
    StructType schema = settings.reading().format().isText() ? null : schema(settings);
    return reader.files(input, schema, values.get(StreamKeys.FILES_PER_BATCH));
  }

  private static StructType schema(StreamSettings settings) {
    String columns = String.join(", ", settings.columns());
    try {
      return StructType.fromDDL(columns);
    } catch (Exception e) {
      // Spark declares no checked exception here, yet throws one.
      throw new UsageException(
          "columns = \""
              + columns
              + "\" are not names and types of columns as Spark SQL has them, such as \"user"
              + " string, item bigint\". Correct them.",
          e);
    }
  }

  private static Dataset<Row> kafka(JobContext context, ConfigValues values) throws IOException {
    DataStreamReader reader =
        context
            .spark()
            .readStream()
            .format("kafka")
            .option("startingOffsets", "earliest")
            .option(
                "kafka.bootstrap.servers", String.join(",", values.get(StreamKeys.KAFKA_SERVERS)))
            .option("subscribe", values.get(StreamKeys.KAFKA_TOPIC))
            .option("maxOffsetsPerTrigger", values.get(StreamKeys.MESSAGES_PER_BATCH));
    if (values.find(StreamKeys.KAFKA_OPTIONS).isPresent()) {
      Properties options = options(context, values.get(StreamKeys.KAFKA_OPTIONS));
      for (String name : options.stringPropertyNames()) {
        reader = reader.option(name, options.getProperty(name));
      }
    }
    try {
      return reader.load();
    } catch (Exception e) {
      if (!String.valueOf(e.getMessage()).contains("find data source: kafka")) {
        throw e;
      }
      throw new UsageException(
          "Spark's connector for Kafka is not on the class path. Add --packages"
              + " org.apache.spark:spark-sql-kafka-0-10_"
              + Properties$.MODULE$.versionNumberString().replaceAll("^(\\d+\\.\\d+).*", "$1")
              + ":"
              + context.spark().version()
              + " (through deploy/bin/coppice in COPPICE_SPARK_OPTS).",
          e);
    }
  }

  private static Properties options(JobContext context, String file) throws IOException {
    Path path = new Path(file);
    FileSystem files = path.getFileSystem(context.hadoop());
    if (!files.exists(path)) {
      throw new UsageException(
          "kafkaOptions = \"" + file + "\" is not there. Correct the path, or remove it.");
    }
    Properties options = new Properties();
    try (Reader in = new InputStreamReader(files.open(path), StandardCharsets.UTF_8)) {
      options.load(in);
    }
    return options;
  }
}
