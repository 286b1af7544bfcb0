package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.Objectives;
import dev.coppice.core.error.BadInputException;
import dev.coppice.spark.store.FoldedBatch;
import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.ModelInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FoldInStreamTest {
  private static final HandMade LONGS = new HandMade(IdType.LONG, 3, 40, 5);

  @TempDir Path temp;

  /** A pair by numbers of {@link HandMade}, and what it weighs. */
  private record Pair(int user, int item, float weight) {}

  private static Pair pair(int user, int item) {
    return new Pair(user, item, 1);
  }

  private static StructType schema(IdType ids) {
    return new StructType()
        .add("u", ids.sqlType())
        .add("i", ids.sqlType())
        .add("w", DataTypes.FloatType);
  }

  private static Dataset<Row> rows(HandMade made, List<Pair> pairs) {
    List<Row> rows = new ArrayList<>();
    for (Pair pair : pairs) {
      rows.add(RowFactory.create(made.userId(pair.user), made.itemId(pair.item), pair.weight));
    }
    return TestSpark.session().createDataFrame(rows, schema(made.ids));
  }

  private String place() {
    return temp.resolve("place").toString();
  }

  private static String shown(Dataset<Row> rows) {
    return String.join("\n", rows.orderBy(rows.columns()[0]).toJSON().collectAsList());
  }

  private Dataset<Row> read(int batch, String part) {
    return TestSpark.session().read().parquet(place() + "/batch=" + batch + "/" + part);
  }

  /** Names without what Spark draws at random, and the bytes of each file. */
  private static Map<String, String> bytes(Path place) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(place)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = place.relativize(file).toString();
        if (!name.startsWith("_checkpoint") && !name.endsWith(".crc")) {
          found.put(
              name.replaceAll("-[0-9a-f-]{36}-", "-"),
              HexFormat.of().formatHex(Files.readAllBytes(file)));
        }
      }
    }
    return found;
  }

  @ParameterizedTest
  @EnumSource(IdType.class)
  void everyBatchHoldsWhatFoldInMakesOfAllSoFar(IdType ids) throws IOException {
    HandMade made = new HandMade(ids, 3, 40, 5);
    DynamicSparseALSModel model = made.model(2);
    FoldInStream stream = new FoldInStream(model, place()).withLists(4);
    List<List<Pair>> batches =
        List.of(
            List.of(pair(0, 3), pair(0, 8), pair(1, 8)),
            List.of(pair(1, 9), pair(2, 1), pair(1, 8), pair(1, 9)),
            List.of(pair(0, 20), pair(9, 31)));
    List<Pair> soFar = new ArrayList<>();
    for (int n = 0; n < batches.size(); n++) {
      FoldedBatch folded = stream.fold(rows(made, batches.get(n)), n);
      soFar.addAll(batches.get(n));
      Dataset<Row> now = rows(made, soFar).select("u", "i").distinct();
      Dataset<Row> all =
          now.join(
              rows(made, batches.get(n)).select("u").distinct(), new String[] {"u"}, "left_semi");
      DynamicSparseALSModel oracle = model.foldIn(all);
      assertThat(shown(read(n, "users"))).isEqualTo(shown(oracle.userRows().drop("degree")));
      assertThat(shown(read(n, "lists"))).isEqualTo(shown(oracle.recommendForAllUsers(4, all)));
      assertThat(read(n, "users").schema().apply("id").dataType()).isEqualTo(ids.sqlType());
      assertThat(folded.users()).isEqualTo(oracle.userRows().count());
      assertThat(folded.pairs()).isEqualTo(all.count());
    }
    Dataset<Row> all = rows(made, soFar).select("u", "i").distinct();
    assertThat(shown(stream.folded().userRows())).isEqualTo(shown(model.foldIn(all).userRows()));
  }

  @Test
  void partitionsAndOrderChangeNoByte() throws IOException {
    List<Pair> first = List.of(new Pair(0, 3, 0.1f), new Pair(0, 3, 0.7f), new Pair(1, 5, 3));
    List<Pair> second =
        List.of(new Pair(0, 3, 1e-7f), new Pair(2, 9, 0.3f), new Pair(0, 4, 2), pair(1, 77));
    Map<String, String> expected = null;
    for (int partitions : new int[] {1, 2, 7}) {
      Path at = temp.resolve("p" + partitions);
      FoldInStream stream =
          new FoldInStream(LONGS.model(partitions).setNumPartitions(partitions), at.toString())
              .withWeights("w", false)
              .withLists(3);
      stream.fold(rows(LONGS, first).repartition(partitions), 0);
      stream.fold(rows(LONGS, second).orderBy(functions.rand(partitions)), 1);
      Map<String, String> found = bytes(at);
      expected = expected == null ? found : expected;
      assertThat(found).isEqualTo(expected);
    }
    assertThat(expected).containsKeys("batch=0/batch.json", "batch=1/batch.json");
  }

  @Test
  void aBatchIsDoneOnceAndOfTheSameRows() throws IOException {
    FoldInStream stream = new FoldInStream(LONGS.model(1), place());
    Dataset<Row> rows = rows(LONGS, List.of(pair(0, 3), pair(1, 4)));
    FoldedBatch first = stream.fold(rows, 0);
    Map<String, String> before = bytes(temp);
    FoldInStream again = new FoldInStream(LONGS.model(3), place());
    assertThat(again.fold(rows.orderBy("i"), 0)).isEqualTo(first);
    assertThat(bytes(temp)).isEqualTo(before);
    assertThatThrownBy(() -> again.fold(rows(LONGS, List.of(pair(0, 3), pair(1, 5))), 0))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("batch=0 is there and was made of other rows");
  }

  @Test
  void anotherModelOrAGapIsRefused() throws IOException {
    Dataset<Row> rows = rows(LONGS, List.of(pair(0, 3)));
    FoldInStream stream = new FoldInStream(LONGS.model(1), place());
    assertThatThrownBy(() -> stream.fold(rows, 2))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("batch 2 is next, and there is none in");
    stream.fold(rows, 0);
    assertThatThrownBy(() -> stream.fold(rows, 2))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("the newest in")
        .hasMessageContaining("is 0");
    FoldInStream other = new FoldInStream(new HandMade(IdType.LONG, 3, 40, 6).model(1), place());
    assertThatThrownBy(() -> other.fold(rows, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("holds rows of another model");
    assertThatThrownBy(
            () -> stream.fold(rows.withColumn("u", functions.col("u").cast("string")), 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("ids of type string")
        .hasMessageContaining("are of type long");
  }

  @Test
  void badRowsAreCountedAndSetAside() throws IOException {
    List<Row> bad = new ArrayList<>();
    bad.add(RowFactory.create(null, LONGS.itemId(1), 1f, null, null));
    bad.add(RowFactory.create(LONGS.userId(1), null, 1f, null, null));
    bad.add(RowFactory.create(LONGS.userId(1), LONGS.itemId(1), null, null, null));
    bad.add(RowFactory.create(LONGS.userId(1), LONGS.itemId(1), Float.NaN, null, null));
    bad.add(
        RowFactory.create(LONGS.userId(1), LONGS.itemId(1), Float.POSITIVE_INFINITY, null, null));
    bad.add(RowFactory.create(LONGS.userId(1), LONGS.itemId(1), -1f, null, null));
    bad.add(RowFactory.create(LONGS.userId(1), -99L, 1f, null, null));
    bad.add(RowFactory.create(null, null, null, "malformed", "{\"u\":"));
    bad.add(RowFactory.create(LONGS.userId(1), LONGS.itemId(1), 2f, null, null));
    Dataset<Row> rows =
        TestSpark.session()
            .createDataFrame(
                bad,
                schema(IdType.LONG)
                    .add("why", DataTypes.StringType)
                    .add("line", DataTypes.StringType));
    FoldedBatch folded =
        new FoldInStream(LONGS.model(1), place())
            .withWeights("w", false)
            .withReasons("why", "line")
            .fold(rows, 0);
    Map<String, Long> reasons = new HashMap<>();
    for (String reason :
        List.of(
            "missingUser",
            "missingItem",
            "infiniteWeight",
            "negativeWeight",
            "unknownItem",
            "malformed")) {
      reasons.put(reason, 1L);
    }
    reasons.put("badWeight", 2L);
    assertThat(folded.rejected()).isEqualTo(reasons);
    assertThat(folded.rows()).isEqualTo(9);
    assertThat(folded.users()).isEqualTo(1);
    Dataset<Row> aside = read(0, "rejected");
    assertThat(aside.where("reason = 'malformed'").head().getString(1)).isEqualTo("{\"u\":");
    assertThat(aside.where("reason = 'unknownItem'").head().getString(1))
        .isEqualTo("{\"u\":" + LONGS.userId(1) + ",\"i\":-99,\"w\":1.0}");
  }

  @Test
  void batchWithoutUsableRowsKeepsHistories() throws IOException {
    FoldInStream stream = new FoldInStream(LONGS.model(1), place());
    stream.fold(rows(LONGS, List.of(pair(0, 3))), 0);
    FoldedBatch empty = stream.fold(rows(LONGS, List.of()), 1);
    assertThat(empty.users()).isZero();
    assertThat(empty.histories()).containsExactly(0L);
    assertThat(stream.fold(rows(LONGS, List.of(pair(0, 4))), 2).pairs()).isEqualTo(2);
  }

  @Test
  void weightsAddUpOrTheLatestCounts() throws IOException {
    ModelInfo info = LONGS.model(1).info();
    AlsObjective explicit = Objectives.explicit(0.05, 1);
    DynamicSparseALSModel ratings = LONGS.model(1).withInfo(ModelInfo.of(info.rank(), explicit));
    for (boolean latest : new boolean[] {false, true}) {
      DynamicSparseALSModel model = latest ? ratings : LONGS.model(1);
      FoldInStream stream = new FoldInStream(model, place() + latest).withWeights("w", latest);
      stream.fold(rows(LONGS, List.of(new Pair(0, 3, 4), new Pair(0, 8, 5))), 0);
      stream.fold(rows(LONGS, List.of(new Pair(0, 3, 1), new Pair(0, 3, 2))), 1);
      List<Pair> expected = List.of(new Pair(0, 3, latest ? 2 : 7), new Pair(0, 8, 5));
      assertThat(shown(stream.folded().userRows()))
          .isEqualTo(shown(model.foldIn(rows(LONGS, expected), "w").userRows()));
    }
  }

  @Test
  void whatCameLongestAgoFallsOut() throws IOException {
    FoldInStream stream = new FoldInStream(LONGS.model(1), place()).withHistory(3);
    stream.fold(rows(LONGS, List.of(pair(0, 3), pair(0, 8), pair(1, 2))), 0);
    stream.fold(rows(LONGS, List.of(pair(0, 9), pair(0, 3))), 1);
    FoldedBatch folded = stream.fold(rows(LONGS, List.of(pair(0, 20))), 2);
    assertThat(folded.forgotten()).isEqualTo(1);
    assertThat(folded.pairs()).isEqualTo(3);
    assertThat(stream.histories().where("u = " + LONGS.userId(0)).select("i").collectAsList())
        .extracting(row -> row.get(0))
        .containsExactlyInAnyOrder(LONGS.itemId(3), LONGS.itemId(9), LONGS.itemId(20));
  }

  @Test
  void historiesAreBroughtTogetherFromTimeToTime() throws IOException {
    DynamicSparseALSModel model = LONGS.model(1);
    FoldInStream stream = new FoldInStream(model, place());
    List<Pair> all = new ArrayList<>();
    FoldedBatch last = null;
    for (int n = 0; n < 12; n++) {
      List<Pair> pairs = List.of(pair(n % 5, n), pair(100 + n, 1));
      all.addAll(pairs);
      last = stream.fold(rows(LONGS, pairs), n);
    }
    assertThat(last.histories()).containsExactly(10L, 11L);
    assertThat(temp.resolve("place/batch=9/histories")).doesNotExist();
    assertThat(temp.resolve("place/batch=9/users")).exists();
    assertThat(last.newUsers()).isEqualTo(1);
    assertThat(last.pairs()).isEqualTo(4);
    assertThat(last.allUsers()).isEqualTo(17);
    assertThat(shown(stream.folded().userRows()))
        .isEqualTo(shown(model.foldIn(rows(LONGS, all)).userRows()));
  }

  @Test
  void whatUsersHadBeforeCounts() throws IOException {
    DynamicSparseALSModel model = LONGS.model(1);
    List<Pair> past = List.of(pair(0, 3), pair(0, 8), pair(0, 11), pair(1, 2), pair(1, 77));
    FoldInStream stream =
        new FoldInStream(model, place()).withHistory(2).withPast(rows(LONGS, past));
    FoldedBatch first = stream.fold(rows(LONGS, List.of()), 0);
    assertThat(first.users()).isZero();
    assertThat(first.allUsers()).isEqualTo(2);
    assertThat(first.forgotten()).isEqualTo(1);
    FoldedBatch second = stream.fold(rows(LONGS, List.of(pair(1, 9), pair(2, 9))), 1);
    assertThat(second.newUsers()).isEqualTo(1);
    assertThat(shown(read(1, "users")))
        .isEqualTo(
            shown(
                model
                    .foldIn(rows(LONGS, List.of(pair(1, 2), pair(1, 9), pair(2, 9))))
                    .userRows()
                    .drop("degree")));
    assertThat(stream.histories().count()).isEqualTo(5);
  }

  private Dataset<Row> files() {
    return TestSpark.session()
        .readStream()
        .schema(schema(IdType.LONG))
        .option("maxFilesPerTrigger", 1)
        .json(temp.resolve("in").toString());
  }

  private void file(String name, Pair... pairs) throws IOException {
    Files.createDirectories(temp.resolve("in"));
    List<String> lines = rows(LONGS, List.of(pairs)).toJSON().collectAsList();
    Files.write(temp.resolve("in/" + name), lines);
  }

  private void runToTheEnd(FoldInStream stream) throws Exception {
    StreamingQuery query = stream.writer(files()).trigger(Trigger.AvailableNow()).start();
    query.awaitTermination();
  }

  @Test
  void aQueryTakesFilesAndGoesOnWhereItEnded() throws Exception {
    DynamicSparseALSModel model = LONGS.model(1);
    file("a.json", pair(0, 3), pair(1, 8));
    file("b.json", pair(0, 9));
    runToTheEnd(new FoldInStream(model, place()));
    Map<String, String> before = bytes(temp.resolve("place"));
    assertThat(before).containsKeys("batch=0/batch.json", "batch=1/batch.json");
    file("c.json", pair(1, 1), pair(2, 2));
    runToTheEnd(new FoldInStream(model, place()));
    assertThat(bytes(temp.resolve("place"))).containsAllEntriesOf(before);
    assertThat(shown(new FoldInStream(model, place()).folded().userRows()))
        .isEqualTo(
            shown(
                model
                    .foldIn(
                        rows(
                            LONGS,
                            List.of(pair(0, 3), pair(1, 8), pair(0, 9), pair(1, 1), pair(2, 2))))
                    .userRows()));
  }

  /** As after a crash: Spark repeats the batch whose commit is missing. */
  @Test
  void aFailureBetweenOutputAndCommitDoublesNothing() throws Exception {
    FoldInStream stream = new FoldInStream(LONGS.model(1), place()).withWeights("w", false);
    file("a.json", pair(0, 3), pair(1, 8));
    file("b.json", pair(0, 3));
    runToTheEnd(stream);
    Map<String, String> before = bytes(temp.resolve("place"));
    forget("_checkpoint/commits/1");
    runToTheEnd(stream);
    assertThat(bytes(temp.resolve("place"))).isEqualTo(before);
    assertThat(stream.histories().where("u = " + LONGS.userId(0)).head().getFloat(2)).isEqualTo(2);
    // And as after a crash before the output was there.
    forget("_checkpoint/commits/1");
    try (Stream<Path> batch = Files.walk(temp.resolve("place/batch=1"))) {
      for (Path path : batch.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
    Files.createDirectories(
        temp.resolve("place/.batch=1.00000000-0000-0000-0000-000000000000.tmp"));
    runToTheEnd(stream);
    assertThat(bytes(temp.resolve("place"))).isEqualTo(before);
  }

  private void forget(String file) throws IOException {
    Path path = temp.resolve("place").resolve(file);
    Files.delete(path);
    Files.deleteIfExists(path.resolveSibling("." + path.getFileName() + ".crc"));
  }
}
