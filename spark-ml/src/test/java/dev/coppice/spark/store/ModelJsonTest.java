package dev.coppice.spark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.table.ByteAccount;
import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.ModelInfo;
import dev.coppice.spark.table.RowTable;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelJsonTest {
  private static final ModelJson.Content CONTENT =
      new ModelJson.Content(
          new ModelInfo(
              8,
              0.25,
              20,
              30,
              AlsObjective.implicit(0.01, 1e-7, 1, 0.5, 0.3),
              1.5,
              2.5,
              3.0 / 7,
              -5,
              3,
              ByteAccount.of(10, 20),
              ByteAccount.of(15, 30).withImportance(),
              "f00",
              Map.of("rank", "8", "unicode", "ä \" \\"),
              Map.of("ndcg@20", 0.1 + 0.2)),
          new ModelJson.Table(
              IdType.STRING, new RowTable.Size(10, 20, 77, 40, 0), List.of("links")),
          new ModelJson.Table(
              IdType.LONG,
              new RowTable.Size(15, 30, 120, 60, 60),
              List.of("code", "links", "linkWeights")));

  @Test
  void whatIsWrittenIsRead() {
    assertThat(ModelJson.read("model", ModelJson.write(CONTENT))).isEqualTo(CONTENT);
  }

  /** Whatever becomes of a character: the same content, or an error that names the file. */
  @Test
  void noChangeGoesUnnoticed() {
    String whole = ModelJson.write(CONTENT);
    Random random = new Random(3);
    int refused = 0;
    for (int round = 0; round < 3000; round++) {
      StringBuilder text = new StringBuilder(whole);
      int at = random.nextInt(text.length());
      switch (round % 3) {
        case 0 -> text.setCharAt(at, (char) (32 + random.nextInt(95)));
        case 1 -> text.deleteCharAt(at);
        default -> text.insert(at, (char) (32 + random.nextInt(95)));
      }
      try {
        assertThat(ModelJson.read("model", text.toString())).isEqualTo(CONTENT);
      } catch (BadInputException e) {
        assertThat(e).hasMessageContaining("model/coppice.json");
        refused++;
      }
    }
    // The rest changed the layout, or the name of the checksum.
    assertThat(refused).isGreaterThan(2000);
  }

  /** Models of before there were checksums are read, if nothing is missing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "rank",
        "density",
        "seed",
        "objective",
        "users",
        "items",
        "feedback",
        "regParam",
        "budget",
        "idType",
        "rows",
        "weights",
        "bytes",
        "stored",
        "configuration",
        "metrics"
      })
  void aFieldThatIsMissingIsNamed(String field) {
    String without =
        ModelJson.write(CONTENT).replaceAll("\"sha256\" : \"[0-9a-f]+\"", "\"more\" : 1");
    assertThat(ModelJson.read("model", without)).isEqualTo(CONTENT);
    assertThatThrownBy(
            () -> ModelJson.read("model", without.replace("\"" + field + "\"", "\"other\"")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("field ")
        .hasMessageContaining(field + " is missing");
  }
}
