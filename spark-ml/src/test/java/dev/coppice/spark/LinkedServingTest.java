package dev.coppice.spark;

import static dev.coppice.spark.ListEntries.entries;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.explain.Explainer;
import dev.coppice.core.explain.Explanation;
import dev.coppice.core.explain.OwnNeighbour;
import dev.coppice.core.serving.Selection;
import dev.coppice.core.serving.ServingModel;
import dev.coppice.core.serving.ServingWriter;
import dev.coppice.core.serving.UserRow;
import dev.coppice.core.serving.WeightForm;
import dev.coppice.spark.store.ServingExport;
import dev.coppice.spark.table.IdType;
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

/** A serving file with neighbours answers as the Spark model that it was made of, to the bit. */
class LinkedServingTest {
  @TempDir Path directory;

  private ServingModel file(DynamicSparseALSModel model, Dataset<Row> seen) throws Exception {
    return file(model, seen, WeightForm.FLOAT32);
  }

  private ServingModel file(DynamicSparseALSModel model, Dataset<Row> seen, WeightForm form)
      throws Exception {
    Path file = directory.resolve("model");
    try (ServingWriter writer =
        new ServingWriter(directory, ServingExport.info(model.stored(), Map.of()))) {
      ServingExport.addAll(writer, model.stored(), model.scoringTables().pairs(seen), true);
      writer.write(file, form);
    }
    return ServingModel.open(file).verify();
  }

  @ParameterizedTest
  @CsvSource({"INT, true", "LONG, true", "STRING, true", "INT, false", "STRING, false"})
  void answersAsTheSparkModel(IdType ids, boolean withLatent) throws Exception {
    HybridMade made = new HybridMade(ids, 17, 40, 5, withLatent);
    DynamicSparseALSModel model = made.model(3);
    Dataset<Row> seen = made.latent.pairs(made.latent.randomPairs(60, 9));
    ServingModel file = file(model, seen);
    ListEntries.assertSame(file, model, seen);
  }

  @ParameterizedTest
  @CsvSource({"INT, true", "STRING, true", "LONG, false"})
  void newUsersAreServedAsBySpark(IdType ids, boolean withLatent) throws Exception {
    HybridMade made = new HybridMade(ids, 17, 40, 5, withLatent);
    DynamicSparseALSModel model = made.model(3);
    Set<List<Integer>> pairs = made.latent.randomPairs(50, 2);
    ServingModel file = file(model, null);
    // Without weights nothing of the latent part is asked for.
    assertThat(file.sectionBytes().containsKey("GRAMIAN")).isEqualTo(withLatent);
    assertThat(file.canFoldIn()).isTrue();
    int users = 0;
    for (Row row : model.recommendForNewUsers(made.latent.pairs(pairs), 9).collectAsList()) {
      List<String> items =
          pairs.stream()
              .filter(pair -> made.latent.userId(pair.get(0)).equals(row.get(0)))
              .map(pair -> String.valueOf(made.latent.itemId(pair.get(1))))
              .toList();
      UserRow found = file.foldIn(items).orElseThrow();
      assertThat(entries(file.recommend(found, Selection.of(9)))).isEqualTo(entries(row));
      users++;
    }
    assertThat(users).isGreaterThan(10);
  }

  @Test
  void explanationsAddUpToTheScoresOfSpark() throws Exception {
    HybridMade made = new HybridMade(IdType.LONG, 17, 40, 5, true);
    ServingModel file = file(made.model(2), null);
    Explainer explainer = new Explainer(file);
    int neighbours = 0;
    for (Row row : made.model(2).recommendForAllUsers(10).collectAsList()) {
      for (Row entry : row.<Row>getList(1)) {
        Explanation why =
            explainer
                .explain(String.valueOf(row.get(0)), String.valueOf(entry.get(0)), 2)
                .orElseThrow();
        assertThat(why.score()).isEqualTo(entry.getFloat(1));
        assertThat(why.score()).isEqualTo(why.latent() + why.linked());
        double sum = 0;
        for (OwnNeighbour own : why.neighbours()) {
          assertThat(file.items().find(own.id())).isNotNegative();
          sum += own.part();
          neighbours++;
        }
        assertThat((float) sum).isCloseTo(why.linked(), within(1e-5f));
      }
    }
    assertThat(neighbours).isGreaterThan(50);
  }

  @Test
  void theSameBytesWhateverThePartitions() throws Exception {
    HybridMade made = new HybridMade(IdType.STRING, 17, 40, 5, true);
    Dataset<Row> seen = made.latent.pairs(made.latent.randomPairs(60, 9));
    file(made.model(1), seen, WeightForm.FLOAT16);
    byte[] bytes = Files.readAllBytes(directory.resolve("model"));
    file(made.model(7), seen.repartition(5), WeightForm.FLOAT16);
    assertThat(Files.readAllBytes(directory.resolve("model"))).isEqualTo(bytes);
  }

  @Test
  void historiesWithWeightsAreRefused() {
    HybridMade made = new HybridMade(IdType.INT, 5, 6, 5, true);
    DynamicSparseALSModel model = made.model(1);
    Dataset<Row> users =
        model
            .userRows()
            .withColumn("linkWeights", functions.expr("transform(links, l -> cast(2 as float))"));
    DynamicSparseALSModel weighted =
        new DynamicSparseALSModel("m", model.info(), users, model.itemRows());
    assertThatThrownBy(() -> ServingExport.info(weighted.stored(), Map.of()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("user table has a column linkWeights");
  }
}
