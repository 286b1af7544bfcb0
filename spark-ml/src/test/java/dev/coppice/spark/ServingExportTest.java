package dev.coppice.spark;

import static dev.coppice.spark.ListEntries.entries;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.Objectives;
import dev.coppice.core.serving.Selection;
import dev.coppice.core.serving.ServingModel;
import dev.coppice.core.serving.ServingWriter;
import dev.coppice.core.serving.UserRow;
import dev.coppice.core.serving.WeightForm;
import dev.coppice.core.table.ByteAccount;
import dev.coppice.spark.store.ServingExport;
import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.ModelInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A serving file answers as the Spark model that it was made of, to the bit. */
class ServingExportTest {
  private static final AlsObjective OBJECTIVE = AlsObjective.implicit(0.1, 0.05, 0.7, 0.5, 0.3);

  @TempDir Path directory;

  private static DynamicSparseALSModel model(HandMade made, int partitions) {
    return model(made, partitions, false);
  }

  private static DynamicSparseALSModel model(HandMade made, int partitions, boolean itemBias) {
    ByteAccount none = ByteAccount.of(0, 0);
    DynamicSparseALSModel plain = made.model(partitions);
    ModelInfo info =
        new ModelInfo(
            HandMade.RANK,
            0.4,
            0,
            0,
            Objectives.withItemBias(OBJECTIVE, itemBias),
            2,
            0,
            1.5,
            0,
            0,
            none,
            none,
            "abc",
            Map.of(),
            Map.of());
    Dataset<Row> degrees =
        plain.itemRows().withColumn("degree", functions.expr("cast(abs(hash(id)) % 4 as int)"));
    return new DynamicSparseALSModel("als_test", info, plain.userRows(), degrees)
        .setUserCol("u")
        .setItemCol("i");
  }

  private ServingModel file(DynamicSparseALSModel model, Dataset<Row> seen, WeightForm form)
      throws Exception {
    Path file = directory.resolve("model-" + form + (seen != null));
    try (ServingWriter writer =
        new ServingWriter(directory, ServingExport.info(model.stored(), Map.of()))) {
      ServingExport.addAll(writer, model.stored(), model.scoringTables().pairs(seen), true);
      writer.write(file, form);
    }
    return ServingModel.open(file).verify();
  }

  @ParameterizedTest
  @CsvSource({"INT, false", "LONG, false", "STRING, false", "INT, true"})
  void answersAsTheSparkModel(IdType ids, boolean itemBias) throws Exception {
    HandMade made = new HandMade(ids, 17, 40, 5);
    DynamicSparseALSModel model = model(made, 3, itemBias);
    Dataset<Row> seen = made.pairs(made.randomPairs(60, 9));
    ServingModel file = file(model, seen, WeightForm.FLOAT32);
    assertThat(file.info().fingerprint()).isEqualTo("abc");
    assertThat(file.users().size()).isEqualTo(17);

    ListEntries.assertSame(file, model, seen);
  }

  @ParameterizedTest
  @CsvSource({"INT, false", "LONG, false", "STRING, false", "LONG, true"})
  void foldsInAsTheSparkModel(IdType ids, boolean itemBias) throws Exception {
    HandMade made = new HandMade(ids, 17, 40, 5);
    DynamicSparseALSModel model = model(made, 3, itemBias);
    Set<List<Integer>> pairs = made.randomPairs(50, 2);
    Dataset<Row> data = made.pairs(pairs);
    ServingModel file = file(model, null, WeightForm.FLOAT32);
    List<Row> solved = model.foldIn(data).userRows().collectAsList();
    assertThat(solved).isNotEmpty();
    for (Row row : solved) {
      UserRow found = file.foldIn(items(made, pairs, row.get(0))).orElseThrow();
      assertThat(found.weights()).hasSize(row.getList(2).size());
      for (int p = 0; p < found.weights().length; p++) {
        assertThat(found.dims()[p]).isEqualTo(row.<Short>getList(1).get(p));
        assertThat(found.weights()[p]).isEqualTo(row.<Float>getList(2).get(p));
      }
    }
    for (Row row : model.recommendForNewUsers(data, 9).collectAsList()) {
      UserRow found = file.foldIn(items(made, pairs, row.get(0))).orElseThrow();
      assertThat(entries(file.recommend(found, Selection.of(9)))).isEqualTo(entries(row));
    }
  }

  private static List<String> items(HandMade made, Set<List<Integer>> pairs, Object user) {
    return pairs.stream()
        .filter(pair -> made.userId(pair.get(0)).equals(user))
        .map(pair -> String.valueOf(made.itemId(pair.get(1))))
        .toList();
  }

  @Test
  void theSameBytesWhateverThePartitions() throws Exception {
    HandMade made = new HandMade(IdType.STRING, 17, 40, 5);
    Dataset<Row> seen = made.pairs(made.randomPairs(60, 9));
    ServingModel one = file(model(made, 1), seen, WeightForm.FLOAT16);
    byte[] bytes = Files.readAllBytes(directory.resolve("model-FLOAT16true"));
    file(model(made, 7), seen.repartition(5), WeightForm.FLOAT16);
    assertThat(Files.readAllBytes(directory.resolve("model-FLOAT16true"))).isEqualTo(bytes);
    assertThat(one.holdsSeen()).isTrue();
    assertThat(file(model(made, 2), null, WeightForm.FLOAT16).holdsSeen()).isFalse();
  }
}
