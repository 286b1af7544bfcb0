package dev.coppice.job.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.table.ByteAccount;
import dev.coppice.spark.table.ModelInfo;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BelowPopularityTest {
  private static ModelInfo info(AlsObjective.Feedback feedback, double unobserved, boolean bias) {
    ByteAccount bytes = ByteAccount.of(1, 1);
    return new ModelInfo(
        8,
        0.5,
        100,
        100,
        new AlsObjective(feedback, unobserved, 1, 0.01, 1, 0, 0, bias),
        1,
        1,
        1,
        1,
        1,
        bytes,
        bytes,
        "",
        Map.of(),
        Map.of());
  }

  @Test
  void namesTheSettingThatMostLikelyHeals() {
    ModelInfo low = info(AlsObjective.Feedback.IMPLICIT, 0.01, false);
    assertThat(BelowPopularity.remedy(low, 943, 1682, false))
        .isEqualTo("unobservedWeight is 0.01; for 943 users and 1,682 items try 0.32.");
    // For gowalla .01 is right.
    assertThat(BelowPopularity.remedy(low, 29_858, 40_981, false)).contains("family = auto");
    assertThat(BelowPopularity.remedy(low, 29_858, 40_981, true)).contains("itemBias = true");
    assertThat(
            BelowPopularity.remedy(
                info(AlsObjective.Feedback.IMPLICIT, 0.01, true), 29_858, 40_981, true))
        .contains("neighbourReg");
    assertThat(
            BelowPopularity.remedy(
                info(AlsObjective.Feedback.CONFIDENCE, 1, false), 943, 1682, false))
        .contains("family = auto");
    assertThat(
            BelowPopularity.remedy(
                info(AlsObjective.Feedback.EXPLICIT, 0, false), 943, 1682, false))
        .contains("implicitPrefs = true");
    ModelInfo items = ModelInfo.of(1, AlsObjective.implicit(0, 0, 1, 0, 0));
    assertThat(BelowPopularity.remedy(items, 943, 1682, true)).contains("neighbourReg");
  }
}
