package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code itemBias} through the Spark ML interface. */
class ItemBiasModelTest {
  @TempDir Path directory;

  /** Three communities; the lower an item's number, the more popular it is. */
  private static Dataset<Row> data(int users, int items) {
    StructType schema =
        new StructType().add("user", DataTypes.IntegerType).add("item", DataTypes.StringType);
    List<Row> rows = new ArrayList<>();
    for (int u = 0; u < users; u++) {
      for (int i = 0; i < items; i++) {
        double share = (u % 3 == i % 3 ? 0.5 : 0.1) + 0.3 * (items - i) / items;
        if (i == u % items || SeedStream.uniform(2, Purpose.GENERATE, u, i) < share) {
          rows.add(RowFactory.create(u, "item " + i));
        }
      }
    }
    return TestSpark.session().createDataFrame(rows, schema);
  }

  private static DynamicSparseALS estimator() {
    return new DynamicSparseALS()
        .setItemBias(true)
        .setRank(8)
        .setDensity(0.5)
        .setMaxIter(3)
        .setUnobservedWeight(0.2)
        .setRegParam(0.05)
        .setNumBlocks(3);
  }

  private static Map<Integer, Map<Short, Float>> rows(Dataset<Row> users) {
    Map<Integer, Map<Short, Float>> rows = new HashMap<>();
    for (Row row : users.select("id", "dims", "weights").collectAsList()) {
      Map<Short, Float> weights = new HashMap<>();
      for (int p = 0; p < row.getList(1).size(); p++) {
        weights.put(row.<Short>getList(1).get(p), row.<Float>getList(2).get(p));
      }
      rows.put(row.getInt(0), weights);
    }
    return rows;
  }

  @Test
  void aSavedModelKeepsItsBiases() throws Exception {
    DynamicSparseALSModel model = estimator().fit(data(30, 20));
    String path = directory.resolve("model").toString();
    model.write().save(path);
    DynamicSparseALSModel loaded = DynamicSparseALSModel.load(path);
    assertThat(loaded.info()).isEqualTo(model.info());
    assertThat(loaded.info().objective().itemBias()).isTrue();
    assertThat(loaded.info().configuration()).containsEntry("itemBias", "true");
    assertThat(loaded.userTable().size().stored()).isEqualTo(30 * 4);
    assertThat(loaded.itemTable().size().stored()).isEqualTo(20 * 4);
    assertThat(rows(loaded.userRows()).values()).allMatch(row -> row.get((short) 0) == 1f);
    assertThat(loaded.foldIn(data(4, 20)).userRows().sort("id").collectAsList())
        .isEqualTo(model.foldIn(data(4, 20)).userRows().sort("id").collectAsList());

    // A model of before says nothing of biases, and has none; nor has it a checksum.
    Path json = Path.of(path, "coppice.json");
    String text = Files.readString(json);
    assertThat(text).contains("\"itemBias\" : true,");
    Files.deleteIfExists(Path.of(path, ".coppice.json.crc"));
    Files.writeString(
        json,
        text.replace("\"itemBias\" : true,", "").replaceAll(",\\s*\"sha256\" : \"[0-9a-f]+\"", ""));
    assertThat(DynamicSparseALSModel.load(path).info().objective().itemBias()).isFalse();

    String saved = directory.resolve("estimator").toString();
    estimator().write().save(saved);
    assertThat(DynamicSparseALS.load(saved).getItemBias()).isTrue();
    assertThat(new DynamicSparseALS().getItemBias()).isFalse();
  }

  /** After many sweeps the user rows fit the item rows as they are, as folded-in ones do. */
  @Test
  void foldingInGivesTheTrainedRows() {
    Dataset<Row> data = data(30, 20);
    DynamicSparseALSModel model = estimator().setDensity(1).setMaxIter(60).fit(data);
    Map<Integer, Map<Short, Float>> trained = rows(model.userRows());
    Map<Integer, Map<Short, Float>> folded = rows(model.foldIn(data).userRows());
    assertThat(folded).hasSize(30);
    folded.forEach(
        (user, row) -> {
          assertThat(row).hasSize(8).containsEntry((short) 0, 1f);
          row.forEach(
              (dim, weight) ->
                  assertThat(weight).isCloseTo(trained.get(user).get(dim), within(2e-3f)));
        });
  }

  @Test
  void aRunGoesOnFromAModelWithBiasesOnly() throws Exception {
    DynamicSparseALSModel before = estimator().fit(data(25, 17));
    DynamicSparseALSModel after = estimator().fit(data(30, 20), before);
    assertThat(after.userRows().where("dims[0] = 0 and weights[0] = 1").count()).isEqualTo(30);
    assertThat(after.itemRows().where("dims[0] = 0 and weights[0] > 0").count()).isEqualTo(20);
    assertThat(after.userTable().size().stored()).isEqualTo(30 * 4);
    DynamicSparseALSModel plain = estimator().setItemBias(false).fit(data(25, 17));
    assertThatThrownBy(() -> estimator().fit(data(30, 20), plain))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("trained with itemBias = false, and itemBias is true; dimension 0");
    assertThatThrownBy(() -> estimator().setItemBias(false).fit(data(30, 20), before))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("trained with itemBias = true, and itemBias is false");
    Dataset<Row> clients = data(30, 20).withColumn("client", functions.expr("user % 2"));
    assertThatThrownBy(
            () ->
                new GatedFederation()
                    .setClientCol("client")
                    .setRank(8)
                    .setDensity(0.5)
                    .fit(clients, before))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("which clients cannot learn");
  }

  /** With one weight a row, the bias alone is left, and everybody gets what is popular. */
  @Test
  void theSmallestBudgetRanksByPopularity() {
    Dataset<Row> data = data(30, 20);
    DynamicSparseALSModel model = estimator().setDensity(0.125).fit(data);
    List<Row> popular =
        data.groupBy("item").count().orderBy(functions.desc("count")).collectAsList();
    for (Row row : model.recommendForAllUsers(20).collectAsList()) {
      List<Row> list = row.getList(1);
      for (int at = 0; at < 20; at++) {
        String item = list.get(at).getString(0);
        long count = popular.get(at).getLong(1);
        assertThat(popular).anyMatch(r -> r.getString(0).equals(item) && r.getLong(1) == count);
      }
    }
  }
}
