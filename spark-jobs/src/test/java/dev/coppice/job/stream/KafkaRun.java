package dev.coppice.job.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.job.InSession;
import dev.coppice.job.frame.SparkSessions;
import dev.coppice.spark.HandMade;
import dev.coppice.spark.TestSpark;
import dev.coppice.spark.table.IdType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** The job {@code stream} on messages of a real Kafka, with Spark's own connector. */
public final class KafkaRun {
  private static final HandMade MADE = new HandMade(IdType.LONG, 3, 40, 5);

  private KafkaRun() {}

  /** Runs with a directory, and the address of a broker. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    SparkSession spark = SparkSessions.start("stream", false);
    try {
      run(spark, directory, arguments[1]);
    } finally {
      spark.stop();
    }
  }

  private static void run(SparkSession spark, Path directory, String broker) throws Exception {
    assertThat(TestSpark.session()).isSameAs(spark);
    MADE.model(1).write().save(directory.resolve("model").toString());
    Path options = Files.writeString(directory.resolve("kafka.options"), "minPartitions = 3\n");
    Map<String, String> settings = new HashMap<>();
    settings.put("workDir", directory.toString());
    settings.put("kafkaServers", broker);
    settings.put("kafkaTopic", "plays");
    settings.put("kafkaOptions", options.toString());
    settings.put("format", "jsonl");
    settings.put("messagesPerBatch", "4");
    settings.put("k", "2");
    send(spark, broker, json("anna", 3), json("bo", 8), json("anna", 4), "{\"user\": \"anna\"");
    send(spark, broker, json("cleo", 9), json("anna", 9), "{\"user\": \"anna\", \"item\": 5}", " ");
    List<String> lines = InSession.run(spark, "stream", settings);
    assertThat(lines.get(0)).contains("7 rows read").contains("{malformed=1, unknownItem=1}");
    same(spark, directory, "anna,3", "anna,4", "anna,9", "bo,8", "cleo,9");

    // A crash after the output and before Spark knew of it: nothing is doubled.
    long batches = batches(directory);
    Map<String, byte[]> before = bytes(directory);
    Path commits = directory.resolve("folded/_checkpoint/commits");
    Files.delete(commits.resolve(String.valueOf(batches - 1)));
    Files.deleteIfExists(commits.resolve("." + (batches - 1) + ".crc"));
    send(spark, broker, json("bo", 1));
    assertThat(InSession.run(spark, "stream", settings).get(0)).startsWith("2 batches");
    assertThat(bytes(directory)).containsAllEntriesOf(before);
    assertThat(batches(directory)).isEqualTo(batches + 1);
    same(spark, directory, "anna,3", "anna,4", "anna,9", "bo,1", "bo,8", "cleo,9");
    System.out.println("messages are folded in once");
  }

  private static String json(String user, int item) {
    return "{\"user\": \"" + user + "\", \"item\": " + MADE.itemId(item) + "}";
  }

  private static void send(SparkSession spark, String broker, String... messages) {
    spark
        .createDataset(List.of(messages), Encoders.STRING())
        .write()
        .format("kafka")
        .option("kafka.bootstrap.servers", broker)
        .option("topic", "plays")
        .save();
  }

  /** The newest row of each user is what the model makes of all pairs. */
  private static void same(SparkSession spark, Path directory, String... pairs) {
    Dataset<Row> all =
        spark
            .createDataset(List.of(pairs), Encoders.STRING())
            .selectExpr(
                "split(value, ',')[0] as user",
                "cast(split(value, ',')[1] as bigint) * 3000000000 - 7 as item");
    Dataset<Row> newest =
        spark
            .read()
            .option("basePath", directory.resolve("folded").toString())
            .parquet(directory.resolve("folded") + "/batch=*/users")
            .groupBy("id")
            .agg(functions.expr("max_by(struct(dims, weights), batch) as r"))
            .select("id", "r.*");
    assertThat(shown(newest))
        .isEqualTo(
            shown(
                MADE.model(1)
                    .setUserCol("user")
                    .setItemCol("item")
                    .foldIn(all)
                    .userRows()
                    .drop("degree")));
  }

  private static List<String> shown(Dataset<Row> rows) {
    return rows.toJSON().collectAsList().stream().sorted().toList();
  }

  private static long batches(Path directory) throws Exception {
    try (Stream<Path> all = Files.list(directory.resolve("folded"))) {
      return all.filter(path -> path.getFileName().toString().startsWith("batch=")).count();
    }
  }

  private static Map<String, byte[]> bytes(Path directory) throws Exception {
    Map<String, byte[]> found = new HashMap<>();
    try (Stream<Path> all = Files.walk(directory.resolve("folded"))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (!file.toString().contains("_checkpoint")) {
          found.put(file.toString(), Files.readAllBytes(file));
        }
      }
    }
    return found;
  }
}
