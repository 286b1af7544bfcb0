package dev.coppice.job.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.job.Command;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.HandMade;
import dev.coppice.spark.TestSpark;
import dev.coppice.spark.table.IdType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamJobTest {
  private static final HandMade MADE = new HandMade(IdType.LONG, 3, 40, 5);

  @TempDir Path directory;
  private Command command;

  @BeforeEach
  void saveAModel() throws IOException {
    command = new Command(directory);
    MADE.model(1).write().save(directory.resolve("model").toString());
    Files.createDirectories(directory.resolve("in"));
  }

  private Command.Result stream(String... settings) {
    List<String> all = new ArrayList<>(List.of("workDir=.", "input=in", "k=3"));
    all.addAll(List.of(settings));
    return command.run("stream", all.toArray(String[]::new));
  }

  private Command.Result succeeded(Command.Result result) {
    assertThat(result.code()).as(result.err()).isZero();
    return result;
  }

  private Dataset<Row> read(int batch, String part) {
    return TestSpark.session()
        .read()
        .parquet(directory.resolve("folded/batch=" + batch + "/" + part).toString());
  }

  private JsonNode json(int batch) throws IOException {
    return new ObjectMapper()
        .readTree(directory.resolve("folded/batch=" + batch + "/batch.json").toFile());
  }

  private static List<String> shown(Dataset<Row> rows) {
    return rows.toJSON().collectAsList().stream().sorted().toList();
  }

  /** What a model makes of pairs, written as {@code user,item} with numbers of items. */
  private static DynamicSparseALSModel folded(String... pairs) {
    Dataset<Row> rows =
        TestSpark.session()
            .createDataset(List.of(pairs), Encoders.STRING())
            .selectExpr(
                "split(value, ',')[0] as user",
                "cast(split(value, ',')[1] as bigint) * 3000000000 - 7 as item");
    return MADE.model(1).setUserCol("user").setItemCol("item").foldIn(rows);
  }

  private static String line(String user, int item) {
    return user + "," + MADE.itemId(item);
  }

  @Test
  void filesBecomeRowsAndListsBatchByBatch() throws Exception {
    command.file("in/a.csv", "user,item", line("anna", 3), line("bo", 8), "", line("anna", 4));
    Command.Result first = succeeded(stream());
    assertThat(first.err()).contains("batch 0: 3 rows, 2 users (2 new), set aside {}");
    assertThat(shown(read(0, "users")))
        .isEqualTo(shown(folded("anna,3", "anna,4", "bo,8").userRows().drop("degree")));
    command.file(
        "in/b.csv",
        "user,item",
        line("anna", 9),
        line("", 2),
        "cleo,",
        "cleo,17",
        "one,two,three",
        "\"open,1");
    Command.Result second = succeeded(stream());
    assertThat(second.out())
        .contains("1 batches: 6 rows read, 1 rows of users solved (0 new users)")
        .contains("malformed=1, missingItem=1, missingUser=1, unknownItem=1");
    assertThat(shown(read(1, "users")))
        .isEqualTo(shown(folded("anna,3", "anna,4", "anna,9").userRows().drop("degree")));
    Row list = read(1, "lists").head();
    assertThat(list.getString(0)).isEqualTo("anna");
    assertThat(list.getList(1)).hasSize(3);
    assertThat(read(1, "rejected").where("reason = 'columnCount'").head().getString(1))
        .isEqualTo("one,two,three");
    assertThat(json(1).path("rejected").path("unknownItem").asInt()).isEqualTo(1);
    assertThat(json(1).path("allUsers").asInt()).isEqualTo(2);
    // Nothing new: nothing is done.
    assertThat(succeeded(stream()).out()).contains("0 batches");
    assertThat(Command.listing(directory.resolve("folded")))
        .containsExactly("_checkpoint", "batch=0", "batch=1");
  }

  @Test
  void jsonOfSeveralFilesABatchAtATimeWithWeights() throws Exception {
    for (int n = 0; n < 3; n++) {
      String weight = n == 2 ? "\"x\"" : String.valueOf(n + 1);
      command.file(
          "in/" + n + ".jsonl",
          "{\"who\": 7, \"what\": " + MADE.itemId(3) + ", \"n\": " + weight + "}",
          "{\"who\": 7");
      // In the order in which Spark takes them.
      Files.setLastModifiedTime(
          directory.resolve("in/" + n + ".jsonl"), FileTime.fromMillis(1_700_000_000_000L + n));
    }
    succeeded(
        stream(
            "format=jsonl",
            "userCol=who",
            "itemCol=what",
            "weightCol=n",
            "filesPerBatch=1",
            "k=0",
            "output=elsewhere"));
    Path place = directory.resolve("elsewhere");
    assertThat(Command.listing(place))
        .containsExactly("_checkpoint", "batch=0", "batch=1", "batch=2");
    assertThat(Command.listing(place.resolve("batch=0"))).doesNotContain("lists");
    Row history = TestSpark.session().read().parquet(place + "/batch=1/histories").head();
    assertThat(history.<Float>getList(history.fieldIndex("weights"))).containsExactly(3f);
    assertThat(Command.listing(place.resolve("batch=2"))).doesNotContain("users");
  }

  @Test
  void whatADataSetHoldsCameBefore() throws Exception {
    command.file("raw.csv", "user,item", line("anna", 3), line("bo", 8));
    succeeded(command.run("prepare", "input=raw.csv", "output=data"));
    command.file("in/a.csv", "user,item", line("anna", 4));
    succeeded(stream("past=data"));
    assertThat(shown(read(0, "users")))
        .isEqualTo(shown(folded("anna,3", "anna,4").userRows().drop("degree")));
    assertThat(json(0).path("allUsers").asInt()).isEqualTo(2);
    assertThat(json(0).path("newUsers").asInt()).isZero();
  }

  @Test
  void parquetOfDeclaredColumns() {
    TestSpark.session()
        .sql("select 5L as u, " + MADE.itemId(3) + " as i, 'x' as more")
        .write()
        .parquet(directory.resolve("in/part").toString());
    succeeded(stream("format=parquet", "columns=u bigint,i bigint", "userCol=u", "itemCol=i"));
    assertThat(shown(read(0, "users"))).isEqualTo(shown(folded("5,3").userRows().drop("degree")));
  }

  @Test
  void aFileWithAnotherHeaderEndsTheJob() throws Exception {
    command.file("in/a.csv", "item,user", MADE.itemId(3) + ",anna");
    Command.Result result = stream();
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err()).contains("a.csv begins with \"item,user\"");
    try (Stream<Path> left = Files.list(directory.resolve("folded"))) {
      assertThat(left).noneMatch(path -> path.getFileName().toString().contains("batch"));
    }
    succeeded(stream("columns=item,user", "output=other"));
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeAnythingIsRead() throws Exception {
    command.file("in/a.csv", "user,item", line("anna", 3));
    succeeded(stream());
    new HandMade(IdType.LONG, 3, 40, 6)
        .model(1)
        .write()
        .overwrite()
        .save(directory.resolve("model").toString());
    command.file("in/b.csv", "user,item", line("anna", 4));
    Command.Result other = stream();
    assertThat(other.code()).isEqualTo(3);
    assertThat(other.err()).contains("holds rows of another model");
    command.file("full/file.txt", "x");
    assertThat(stream("output=full").err()).contains("something else than the batches");
    assertThat(stream("output=in").err()).contains("are the same place");
    Command.Result kafka =
        command.run(
            "stream", "workDir=.", "output=k", "kafkaServers=localhost:1", "kafkaTopic=plays");
    assertThat(kafka.code()).isEqualTo(2);
    assertThat(kafka.err())
        .contains("--packages org.apache.spark:spark-sql-kafka-0-10_2.13:")
        .contains(TestSpark.session().version());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "input=in kafkaServers=h:1 | input and kafkaServers are both set",
        "k=2 | neither input nor kafkaServers is set",
        "kafkaServers=h:1 | needs kafkaTopic",
        "input=in kafkaTopic=t | kafkaTopic is for kafkaServers",
        "kafkaServers=h:1 kafkaTopic=t header=true | header is for files",
        "input=in format=table | format = table cannot be read as it comes",
        "kafkaServers=h:1 kafkaTopic=t format=parquet | cannot be read from Kafka",
        "input=in format=parquet | needs columns",
        "input=in format=jsonl quote=x | quote has no meaning for format = jsonl",
        "input=in format=delimited | needs delimiter",
        "input=in duplicates=last | duplicates has an effect only with weightCol",
        "input=in columns=user,thing | itemCol = \"item\": the input has no such column",
        "input=nowhere | is not there",
        "input=in format=parquet columns=nonsense | are not names and types",
      })
  void settingsThatMakeNoSense(String settings, String message) {
    List<String> all = new ArrayList<>(List.of("workDir=."));
    all.addAll(List.of(settings.split(" ")));
    Command.Result result = command.run("stream", all.toArray(String[]::new));
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains(message);
  }
}
