package dev.coppice.job.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.spark.TestSpark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class TimeDecayTest {
  private static final long DAY = 24L * 60 * 60 * 1000;

  /** Item n is of day n, of weight 2. */
  private static Dataset<Row> rows(Long... days) {
    List<Row> rows = new ArrayList<>();
    for (int item = 0; item < days.length; item++) {
      Long time = days[item] == null ? null : days[item] * DAY;
      rows.add(RowFactory.create(1, item, 2f, time, null));
    }
    return TestSpark.session().createDataFrame(rows, CanonicalDataset.INTERACTIONS);
  }

  private static Map<Integer, Float> weights(Dataset<Row> rows) {
    Map<Integer, Float> weights = new HashMap<>();
    rows.collectAsList().forEach(row -> weights.put(row.getInt(1), row.getFloat(2)));
    return weights;
  }

  private static Optional<TimeDecay> decay(String... settings) {
    Map<String, String> all = new HashMap<>(Map.of("input", "d", "model", "m"));
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    ConfigValues values = TrainKeys.schema().resolve(all);
    return TimeDecay.of(values);
  }

  @Test
  void weightsHalveEveryHalfLife() {
    List<String> lines = new ArrayList<>();
    Map<Integer, Float> weights =
        weights(
            decay("decay", "half-life", "decayDays", "30")
                .orElseThrow()
                .applied(rows(40L, 70L, 100L, null), lines::add));
    assertThat(weights.keySet()).containsExactlyInAnyOrder(0, 1, 2, 3);
    assertThat(weights.get(2)).isEqualTo(2f);
    assertThat(weights.get(1)).isCloseTo(1f, within(1e-6f));
    assertThat(weights.get(0)).isCloseTo(0.5f, within(1e-6f));
    assertThat(weights.get(3)).isEqualTo(2f);
    assertThat(lines)
        .containsExactly(
            "decay: a half-life of 30 days before 1970-04-11; weights are multiplied by 0.250 to"
                + " 1, mean 0.688; 1 without a time keep their weight");
  }

  @Test
  void linearDecayLeavesOutWhatIsTooOld() {
    List<String> lines = new ArrayList<>();
    Map<Integer, Float> weights =
        weights(
            decay("decay", "linear", "decayDays", "40")
                .orElseThrow()
                .applied(rows(0L, 60L, 90L, 100L), lines::add));
    assertThat(weights.keySet()).containsExactlyInAnyOrder(2, 3);
    assertThat(weights.get(2)).isCloseTo(1.5f, within(1e-6f));
    assertThat(weights.get(3)).isEqualTo(2f);
    assertThat(lines.get(0)).endsWith("; 2 older interactions are left out");
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThat(decay()).isEmpty();
    assertThatThrownBy(() -> decay("decay", "linear"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("needs decayDays");
    assertThatThrownBy(() -> decay("decayDays", "3"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("decay is none");
    assertThatThrownBy(() -> decay("decay", "linear", "decayDays", "3", "implicitPrefs", "false"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("implicitPrefs");
    TimeDecay decay = decay("decay", "linear", "decayDays", "3").orElseThrow();
    assertThatThrownBy(() -> decay.applied(rows(null, null), line -> {}))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("timeCol");
  }
}
