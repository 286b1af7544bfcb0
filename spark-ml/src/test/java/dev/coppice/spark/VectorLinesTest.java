package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.error.BadInputException;
import dev.coppice.spark.store.VectorForm;
import dev.coppice.spark.store.VectorLines;
import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.ModelInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VectorLinesTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static DynamicSparseALSModel model(Dataset<Row> users, Dataset<Row> items) {
    return new DynamicSparseALSModel(
        "als_test", ModelInfo.of(8, AlsObjective.implicit(0.1, 0.01, 1, 0, 0)), users, items);
  }

  private static Dataset<Row> table(Row... rows) {
    return TestSpark.session()
        .createDataFrame(
            List.of(rows),
            new StructType()
                .add("id", DataTypes.StringType, false)
                .add("dims", DataTypes.createArrayType(DataTypes.ShortType, false), false)
                .add("weights", DataTypes.createArrayType(DataTypes.FloatType, false), false));
  }

  private static Row row(String id, short[] dims, float... weights) {
    return RowFactory.create(id, dims, weights);
  }

  private static DynamicSparseALSModel small(float weight) {
    return model(
        table(row("u", new short[] {2}, 1.5f)),
        table(
            row("b \"2\"", new short[] {0, 5}, 0.1f, weight),
            row("a", new short[] {3}, 0f),
            row("c", new short[] {1, 7}, 1e-3f, 3e7f)));
  }

  @Test
  void aDocumentIsTheTwoLinesOfABulkRequest() {
    VectorLines lines =
        new VectorLines(small(Float.MIN_VALUE).stored(), VectorForm.ELASTICSEARCH, false);
    // What Lucene takes for no feature, 0 and what is not normal, is left out.
    assertThat(lines.documents(Map.of("c", "Ü \\ é", "x", "of nothing")).collectAsList())
        .containsExactly(
            "{\"index\":{\"_id\":\"a\"}}\n{\"item\":\"a\",\"coppice\":{}}",
            "{\"index\":{\"_id\":\"b \\\"2\\\"\"}}\n"
                + "{\"item\":\"b \\\"2\\\"\",\"coppice\":{\"d0\":0.1}}",
            "{\"index\":{\"_id\":\"c\"}}\n"
                + "{\"item\":\"c\",\"title\":\"Ü \\\\"
                + " é\",\"coppice\":{\"d1\":0.001,\"d7\":3.0E7}}");
    assertThat(lines.queries().collectAsList())
        .containsExactly("{\"user\":\"u\",\"query\":{\"d2\":1.5}}");
    assertThat(lines.links()).isEqualTo(new VectorLines.Links(0, 0, 0));
  }

  @Test
  void aPointHasAnIdThatTheNextModelGivesToo() {
    VectorLines lines = new VectorLines(small(-2).stored(), VectorForm.QDRANT, false);
    // printf a | md5sum is 0cc175b9c0f1b6a831c399e269772661; with the version and the variant of
    // RFC 4122 set.
    assertThat(lines.documents(Map.of()).collectAsList().get(0))
        .isEqualTo(
            "{\"id\":\"0cc175b9-c0f1-36a8-b1c3-99e269772661\",\"vector\":{\"coppice\":"
                + "{\"indices\":[],\"values\":[]}},\"payload\":{\"item\":\"a\"}}");
    assertThat(lines.documents(Map.of()).collectAsList().get(1))
        .contains("{\"indices\":[0,5],\"values\":[0.1,-2.0]}");
    assertThat(lines.queries().collectAsList())
        .containsExactly("{\"user\":\"u\",\"query\":{\"indices\":[2],\"values\":[1.5]}}");
  }

  @Test
  void numbersAreThePointsIds() throws Exception {
    HandMade made = new HandMade(IdType.LONG, 3, 30, 5);
    VectorLines lines = new VectorLines(made.model(2).stored(), VectorForm.QDRANT, false);
    for (String line : lines.documents(Map.of()).collectAsList()) {
      JsonNode point = MAPPER.readTree(line);
      long item = point.path("payload").path("item").longValue();
      assertThat(point.path("id").isTextual()).isEqualTo(item < 0);
      if (item >= 0) {
        assertThat(point.path("id").longValue()).isEqualTo(item);
      }
    }
  }

  @Test
  void weightsBelowZeroAreForQdrantAlone() {
    assertThatThrownBy(() -> new VectorLines(small(-2).stored(), VectorForm.ELASTICSEARCH, true))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "the model's table of items holds weights below 0, which no elasticsearch index takes:"
                + " train with nonnegative = true, or set exportFormat = qdrant");
  }

  /** The weights of a vector by its position, whatever the form. */
  private static Map<String, Float> weights(JsonNode vector) {
    Map<String, Float> weights = new HashMap<>();
    if (vector.has("indices")) {
      for (int i = 0; i < vector.path("indices").size(); i++) {
        weights.put(
            vector.path("indices").get(i).asText(), vector.path("values").get(i).floatValue());
      }
    } else {
      vector.properties().forEach(e -> weights.put(e.getKey(), e.getValue().floatValue()));
    }
    assertThat(weights.values()).doesNotContain(0f);
    return weights;
  }

  private static List<JsonNode> trees(Dataset<String> lines) throws Exception {
    List<JsonNode> trees = new ArrayList<>();
    for (String row : lines.collectAsList()) {
      trees.add(MAPPER.readTree(row.substring(row.lastIndexOf('\n') + 1)));
    }
    return trees;
  }

  /** A model with neighbours: the product of what is written is the score of a plain loop. */
  @ParameterizedTest
  @EnumSource(names = {"LONG", "STRING"})
  void productsOfTheVectorsAreTheScores(IdType ids) throws Exception {
    HybridMade made = new HybridMade(ids, 12, 40, 3, true);
    VectorLines lines = new VectorLines(made.model(3).stored(), VectorForm.QDRANT, false);
    List<JsonNode> items = trees(lines.documents(Map.of()));
    List<JsonNode> users = trees(lines.queries());
    List<Integer> itemOrder = made.latent.itemOrder();
    List<Integer> userOrder = made.latent.userOrder();
    for (int u = 0; u < users.size(); u++) {
      Map<String, Float> query = weights(users.get(u).path("query"));
      for (int i = 0; i < items.size(); i++) {
        Map<String, Float> item = weights(items.get(i).path("vector").path("coppice"));
        double score = 0;
        for (Map.Entry<String, Float> entry : query.entrySet()) {
          score += entry.getValue() * (double) item.getOrDefault(entry.getKey(), 0f);
        }
        float expected = made.score(userOrder.get(u), itemOrder.get(i));
        assertThat(score).isCloseTo(expected, within(1e-4 * (1 + Math.abs(expected))));
      }
    }
  }

  @Test
  void neighboursBelowZeroAreCountedAndLeftOutIfAsked() throws Exception {
    HybridMade made = new HybridMade(IdType.STRING, 12, 40, 3, false);
    DynamicSparseALSModel model = made.model(2);
    assertThatThrownBy(() -> new VectorLines(model.stored(), VectorForm.ELASTICSEARCH, false))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll(
            "neighbours of the items have a weight below 0, which no elasticsearch index takes",
            "set negativeNeighbours = drop");
    VectorLines lines = new VectorLines(model.stored(), VectorForm.ELASTICSEARCH, true);
    List<Float> all = made.neighbours().values().stream().filter(weight -> weight != 0).toList();
    double below = all.stream().filter(w -> w < 0).mapToDouble(w -> -w).sum();
    double magnitudes = all.stream().mapToDouble(Math::abs).sum();
    VectorLines.Links links = lines.links();
    assertThat(links.negative()).isEqualTo(all.stream().filter(w -> w < 0).count());
    assertThat(links.share()).isCloseTo(below / magnitudes, within(1e-6));
    Map<Float, Long> kept = new HashMap<>();
    for (JsonNode item : trees(lines.documents(Map.of()))) {
      assertThat(item.path("code").canConvertToInt()).isTrue();
      weights(item.path("coppice"))
          .forEach(
              (token, weight) -> {
                assertThat(token).startsWith("i");
                kept.merge(weight, 1L, Long::sum);
              });
    }
    Map<Float, Long> expected = new HashMap<>();
    all.stream().filter(w -> w > 0).forEach(w -> expected.merge(w, 1L, Long::sum));
    assertThat(kept).isEqualTo(expected);
  }

  @Test
  void wordsAreThoseOfTheForms() {
    assertThat(VectorForm.words())
        .containsExactly(
            Stream.of(VectorForm.values()).map(VectorForm::word).toArray(String[]::new))
        .containsExactly("elasticsearch", "qdrant");
  }
}
