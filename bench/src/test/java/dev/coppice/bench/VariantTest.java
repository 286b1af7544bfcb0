package dev.coppice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.UsageException;
import dev.coppice.spark.DynamicSparseALS;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.recommendation.ALS;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class VariantTest {
  @Test
  void readsWhatItWrites() {
    for (Variant variant : Variant.defaults()) {
      assertThat(Variant.parse(variant.toString())).isEqualTo(variant);
    }
  }

  @Test
  void defaultsAreSettingsThatTheStagesKnow() {
    for (Variant variant : Variant.defaults()) {
      if (variant.system() == Variant.Trainer.MLLIB) {
        ALS als = StageParams.set(new ALS(), variant.settings());
        assertThat(als.getRank()).isEqualTo(64);
        assertThat(als.getImplicitPrefs()).isTrue();
      } else {
        DynamicSparseALS als = StageParams.set(new DynamicSparseALS(), variant.settings());
        assertThat(als.getDensity() * als.getRank()).isBetween(12.8, 64.0);
      }
    }
  }

  @Test
  void refusesOtherForms() {
    assertThatThrownBy(() -> Variant.parse("coppice:rank=3"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("NAME:coppice|mllib:KEY=VALUE");
    assertThatThrownBy(() -> Variant.parse("a:spark:rank=3"))
        .hasMessageContaining("coppice, recommender, mllib");
    assertThatThrownBy(() -> Variant.parse("a:mllib:rank")).hasMessageContaining("KEY=VALUE");
    assertThatThrownBy(() -> Variant.parse("a:recommender:rank=8,neighbours=5"))
        .hasMessageContaining("bench/bin/quality");
  }

  @Test
  void refusesUnknownSettingsAndValues() {
    assertThatThrownBy(() -> StageParams.set(new ALS(), Map.of("ranc", "3")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("did you mean rank?");
    assertThatThrownBy(() -> StageParams.set(new DynamicSparseALS(), Map.of("density", "2")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("density = 2");
    assertThatThrownBy(() -> StageParams.set(new ALS(), Map.of("rank", "many")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("rank = many");
  }

  @Test
  void commandLineReadsVariantsAndRounds() {
    SideBySide command = new SideBySide();
    new CommandLine(command)
        .parseArgs(
            "--data",
            "x",
            "--rounds=5",
            "--variant",
            "a:mllib:rank=3,alpha=2",
            "--variant",
            "b:coppice:");
    assertThat(command.rounds).isEqualTo(5);
    assertThat(command.chosen())
        .containsExactly(
            new Variant("a", Variant.Trainer.MLLIB, Map.of("rank", "3", "alpha", "2")),
            new Variant("b", Variant.Trainer.COPPICE, Map.of()));
  }

  @Test
  void finalTakesOneSettingOnly() {
    Quality command = new Quality();
    new CommandLine(command).parseArgs("--set", "rank=3,5", "--set", "maxIter=2", "--seeds", "1,2");
    assertThat(command.points()).hasSize(2);
    assertThat(command.points().get(1).settings()).isEqualTo(Map.of("rank", "5", "maxIter", "2"));
    command.onTest = true;
    assertThatThrownBy(command::points)
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("validation");
  }

  @Test
  void commandTextHidesDirectories() {
    assertThat(
            CommandLineText.of(
                "side-by-side", List.of("--data", "/a/b/gowalla", "--out=/c/d", "x y")))
        .isEqualTo("bench/bin/side-by-side --data DIR/gowalla --out=DIR/d 'x y'");
  }
}
