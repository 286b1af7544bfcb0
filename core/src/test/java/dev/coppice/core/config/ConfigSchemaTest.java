package dev.coppice.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.ExitCode;
import dev.coppice.core.error.UsageException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigSchemaTest {
  private enum Schedule {
    COSINE,
    STEP_WISE
  }

  private static final ConfigKey<Integer> RANK =
      ConfigKey.integer("rank", 1, 65_535).withDefault(64).withDoc("width of a row");
  private static final ConfigKey<Double> DENSITY =
      ConfigKey.number("density", Range.above(0, 1)).withDefault(0.05);
  private static final ConfigKey<Boolean> OVERWRITE =
      ConfigKey.flag("overwrite").withDefault(false);
  private static final ConfigKey<String> INPUT = ConfigKey.path("input").asRequired();
  private static final ConfigKey<String> GROUP = ConfigKey.text("group");
  private static final ConfigKey<Schedule> SCHEDULE =
      ConfigKey.oneOf("schedule", Schedule.class).withDefault(Schedule.COSINE);
  private static final ConfigKey<List<Integer>> K =
      ConfigKey.integers("k", 1, 1000).withDefault(List.of(10, 20));
  private static final ConfigSchema SCHEMA =
      ConfigSchema.of(RANK, DENSITY, OVERWRITE, INPUT, GROUP, SCHEDULE, K);

  @Test
  void givesTypesAndDefaults() {
    ConfigValues values = SCHEMA.resolve(Map.of("input", "in", "rank", " 8 ", "k", "5, 7"));
    assertThat(values.get(RANK)).isEqualTo(8);
    assertThat(values.get(DENSITY)).isEqualTo(0.05);
    assertThat(values.get(OVERWRITE)).isFalse();
    assertThat(values.get(K)).containsExactly(5, 7);
    assertThat(values.find(GROUP)).isEmpty();
    assertThat(values.isGiven(RANK)).isTrue();
    assertThat(values.isGiven(DENSITY)).isFalse();
  }

  @Test
  void textsResolveToTheSameValuesAgain() {
    ConfigValues values =
        SCHEMA.resolve(Map.of("input", "in", "schedule", "Step-Wise", "k", "5,7"));
    ConfigValues again = SCHEMA.resolve(values.asMap());
    assertThat(again.asMap()).isEqualTo(values.asMap()).containsEntry("schedule", "step-wise");
    assertThat(again.get(SCHEDULE)).isEqualTo(Schedule.STEP_WISE);
    assertThat(again.get(K)).containsExactly(5, 7);
  }

  @ParameterizedTest
  @CsvSource({
    "rank,0",
    "rank,65536",
    "rank,1.5",
    "rank,''",
    "rank,many",
    "density,0",
    "density,1.001",
    "density,NaN",
    "density,1d",
    "density,Infinity",
    "overwrite,yes",
    "input,' '",
    "schedule,odd",
    "k,'5,'",
    "k,0"
  })
  void refusedValueNamesKeyValueRangeAndRemedy(String name, String text) {
    assertThatThrownBy(() -> SCHEMA.resolve(with(name, text)))
        .isInstanceOfSatisfying(
            UsageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining(name + " = \"" + text + "\"")
        .hasMessageContaining(SCHEMA.key(name).orElseThrow().allowed())
        .hasMessageContaining("Change it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "65535"})
  void endsOfTheRangeAreAllowed(String rank) {
    assertThat(SCHEMA.resolve(with("rank", rank)).get(RANK)).isEqualTo(Integer.parseInt(rank));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1e-9", ".5", "+0.05"})
  void numbersMayBeWrittenAsUsual(String density) {
    assertThat(SCHEMA.resolve(with("density", density)).get(DENSITY))
        .isEqualTo(Double.parseDouble(density));
  }

  @Test
  void unknownKeyIsRefusedWithTheNearestOne() {
    assertThatThrownBy(() -> SCHEMA.resolve(with("densitty", "1")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("key densitty is not known")
        .hasMessageContaining("Did you mean density?");
  }

  @Test
  void farUnknownKeyGetsNoSuggestion() {
    assertThatThrownBy(() -> SCHEMA.resolve(with("qqqqqqqqqq", "1")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("key qqqqqqqqqq is not known")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("Did you mean"));
  }

  @Test
  void everyProblemIsTold() {
    assertThatThrownBy(() -> SCHEMA.resolve(Map.of("rank", "0", "density", "2", "colour", "red")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("rank = \"0\"")
        .hasMessageContaining("density = \"2\"")
        .hasMessageContaining("key colour is not known")
        .hasMessageContaining("input is not set")
        .hasMessageContaining("--set input=VALUE");
  }

  @Test
  void autoLeavesAKeyToTheData() {
    ConfigKey<Double> key = ConfigKey.number("weight", Range.atLeast(0)).asAuto().withDoc("doc");
    ConfigSchema schema = ConfigSchema.of(List.of(key));
    assertThat(key.defaultText()).contains("auto");
    assertThat(schema.resolve(Map.of()).find(key)).isEmpty();
    ConfigValues auto = schema.resolve(Map.of("weight", " Auto "));
    assertThat(auto.find(key)).isEmpty();
    assertThat(auto.isGiven(key)).isTrue();
    assertThat(schema.resolve(Map.of("weight", "2")).find(key)).contains(2.0);
    assertThatThrownBy(() -> schema.resolve(Map.of("weight", "-1")))
        .hasMessageContaining("leave it out for the default auto");
  }

  @Test
  void defaultOutsideTheRangeIsAProgrammingError() {
    ConfigKey<Integer> key = ConfigKey.integer("rank", 1, 2);
    assertThatThrownBy(() -> key.withDefault(3)).isInstanceOf(UsageException.class);
  }

  @Test
  void sameNameTwiceIsAProgrammingError() {
    assertThatThrownBy(() -> ConfigSchema.of(RANK, RANK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rank");
  }

  private static Map<String, String> with(String name, String text) {
    return name.equals("input") ? Map.of(name, text) : Map.of("input", "in", name, text);
  }
}
