package dev.coppice.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.als.SweepRecord;
import dev.coppice.core.als.TrainerState;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestJsonTest {
  private static final RunIdentity RUN =
      new RunIdentity("the model", "0123", Map.of("rank", "8", "seed", "42"));

  private static CheckpointManifest manifest() {
    SweepRecord first = new SweepRecord(1, 0.25, 1e300, 0.1, 3, 4, 5, 6, Map.of("ndcg@5", 1 / 3.0));
    SweepRecord second =
        new SweepRecord(2, 1, Double.MIN_VALUE, 0, 0, 0, 0, 0, Map.of("ndcg@5", Double.NaN));
    StoredTable users =
        new StoredTable("rows-1/users", List.of(new StoredBlock(0, "part-0-9", 0, 1L << 40, -7)));
    return new CheckpointManifest(
        RUN,
        new TrainerState(List.of(first, second), 1),
        Map.of("users", Map.of("known", 5L)),
        "rows-1",
        Map.of("users", users),
        Map.of("users", users));
  }

  @Test
  void everyBitComesBack() {
    assertThat(ManifestJson.read("it", ManifestJson.write(manifest()))).isEqualTo(manifest());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.25", "part-0-9", "\"seed\":\"42\"", "1099511627776", "0123"})
  void anyChangeIsFound(String part) {
    String text = ManifestJson.write(manifest());
    assertThat(text).contains(part);
    String changed = text.replace(part, part.replaceFirst("\\d(?=\\D*$)", "8"));
    assertThatThrownBy(() -> ManifestJson.read("it", changed))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("it is damaged: its checksum is another")
        .hasMessageContaining("train without resume");
  }

  @Test
  void cutOffAndForeignFilesAreRefused() {
    String text = ManifestJson.write(manifest());
    for (String bad : List.of("", "{}", "[]", "null", text.substring(0, text.length() / 2))) {
      assertThatThrownBy(() -> ManifestJson.read("it", bad))
          .as("<%s>", bad)
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("it is damaged");
    }
  }

  @Test
  void newerFormatsAreRefusedWithBothVersions() {
    String newer = ManifestJson.write(manifest()).replace("\"version\":1", "\"version\":2");
    assertThatThrownBy(() -> ManifestJson.read("it", newer))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("format version 2")
        .hasMessageContaining("up to 1");
  }

  @Test
  void missingBlocksAreRefused() {
    assertThatThrownBy(
            () -> new StoredTable("users", List.of(new StoredBlock(1, "part-0", 0, 1, 0))))
        .hasMessage("block 0 is missing in users");
  }

  @ParameterizedTest
  @CsvSource({"rank,16,rank = \"8\",rank = \"16\"", "alpha,2,alpha not set,alpha = \"2\""})
  void otherSettingsAreRefusedWithKeyAndBothValues(
      String key, String value, String other, String mine) {
    Map<String, String> settings = new java.util.HashMap<>(RUN.configuration());
    settings.put(key, value);
    assertThatThrownBy(() -> new RunIdentity("the model", "0123", settings).requireSame(RUN, "it"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("written with " + other)
        .hasMessageContaining("this run has " + mine);
  }

  @Test
  void otherDataAndOtherOwnersAreRefusedWithBoth() {
    assertThatThrownBy(() -> new RunIdentity("the model", "4567", Map.of()).requireSame(RUN, "it"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("0123")
        .hasMessageContaining("4567");
    assertThatThrownBy(() -> new RunIdentity("mine", "0123", Map.of()).requireSame(RUN, "it"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("the training of the model, this one is of mine");
  }
}
