package dev.coppice.core.federate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class FederationSettingsTest {

  private static void refuses(String message, ThrowingCallable made) {
    assertThatThrownBy(made).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  private static FederationSettings.Rounds rounds(int count, double share, int steps, double rate) {
    return new FederationSettings.Rounds(count, share, steps, rate);
  }

  @Test
  void roundsOutOfRangeAreRefused() {
    refuses("rounds is -1; it must be at least 0", () -> rounds(-1, 1, 0, 0));
    for (double share : new double[] {0, 1.1, Double.NaN}) {
      refuses(
          "participation is " + share + "; it must be above 0, at most 1",
          () -> rounds(0, share, 0, 0));
    }
    refuses("localSteps is -2; it must be at least 0", () -> rounds(0, 1, -2, 0));
    refuses("serverRate is 1.5; it must be at least 0, at most 1", () -> rounds(0, 1, 0, 1.5));
    assertThat(rounds(0, 1, 0, 1).count()).isZero();
  }

  @Test
  void maskMovesOutOfRangeAreRefused() {
    refuses(
        "maskInterval is -1; it must be at least 0",
        () -> new FederationSettings.MaskMoves(-1, 0.1));
    refuses(
        "maskRatio is -0.1; it must be at least 0, at most 1",
        () -> new FederationSettings.MaskMoves(1, -0.1));
  }

  private static FederationSettings.GateTraining gate(
      int features, int batch, int steps, double rate, double least, int cuts) {
    return new FederationSettings.GateTraining(
        GateRule.LEARNT, features, batch, steps, rate, least, cuts);
  }

  @Test
  void gatesOutOfRangeAreRefused() {
    refuses("gateFeatures is -1; it must be at least 0", () -> gate(-1, 1, 0, 0, 0.1, 1));
    refuses("gateBatch is 0; it must be at least 1", () -> gate(0, 0, 0, 0, 0.1, 1));
    refuses("gateSteps is -1; it must be at least 0", () -> gate(0, 1, -1, 0, 0.1, 1));
    refuses(
        "gateRate is Infinity; it must be at least 0 and finite",
        () -> gate(0, 1, 0, Double.POSITIVE_INFINITY, 0.1, 1));
    for (double least : new double[] {0, 1, Double.NaN}) {
      refuses(
          "minGate is " + least + "; it must be above 0, below 1",
          () -> gate(0, 1, 0, 0, least, 1));
    }
    refuses("cuts is 0; it must be at least 1", () -> gate(0, 1, 0, 0, 0.1, 0));
  }

  @Test
  void rowsOutOfRangeAreRefused() {
    refuses(
        "userWeights is 0; it must be at least 1",
        () -> new FederationSettings.LocalRows(0, 0, 0, 0, true));
    refuses(
        "userRatio is 2.0; it must be at least 0, at most 1",
        () -> new FederationSettings.LocalRows(1, 2, 0, 0, true));
    refuses(
        "anchorWeight is -1.0; it must be at least 0 and finite",
        () -> new FederationSettings.LocalRows(1, 0, -1, 0, true));
    refuses(
        "scoreWeight is NaN; it must be at least 0 and finite",
        () -> new FederationSettings.LocalRows(1, 0, 0, Double.NaN, true));
  }

  @Test
  void ownModelsOutOfRangeAreRefused() {
    refuses(
        "finalSteps is -1; it must be at least 0",
        () -> new FederationSettings.OwnModel(-1, 0, true));
    refuses(
        "itemRatio is 1.01; it must be at least 0, at most 1",
        () -> new FederationSettings.OwnModel(0, 1.01, true));
  }

  private static List<Integer> explored(int rounds, int interval, double ratio) {
    FederationSettings settings =
        PlantedClients.settings(
            PlantedClients.OBJECTIVE,
            rounds,
            1,
            new FederationSettings.MaskMoves(interval, ratio),
            GateRule.LEARNT,
            new FederationSettings.OwnModel(1, 0, false));
    return IntStream.rangeClosed(1, rounds).filter(settings::explores).boxed().toList();
  }

  @Test
  void theMaskMovesAfterEveryIntervalButNotAfterTheLastRound() {
    assertThat(explored(6, 1, 0.1)).containsExactly(1, 2, 3, 4, 5);
    assertThat(explored(6, 2, 0.1)).containsExactly(2, 4);
    assertThat(explored(6, 3, 0.1)).containsExactly(3);
    assertThat(explored(6, 0, 0.1)).isEmpty();
    assertThat(explored(6, 1, 0)).isEmpty();
  }

  /** Whatever is added to the record later must be carried on as well. */
  @Test
  void aChangedCopyKeepsAllElse() throws ReflectiveOperationException {
    FederationSettings settings = PlantedClients.exploring(0.4);
    FederationSettings.OwnModel other = new FederationSettings.OwnModel(3, 0.7, true);
    assertThat(changed(settings, settings.with(other))).containsExactly("ownModel");
    assertThat(settings.with(other).ownModel()).isEqualTo(other);
    FederationSettings all = settings.withAllItems();
    assertThat(changed(settings, all)).containsExactly("rows");
    assertThat(changed(settings.rows(), all.rows())).containsExactly("ownItems");
    assertThat(all.rows().ownItems()).isFalse();
  }

  private static List<String> changed(Record one, Record other)
      throws ReflectiveOperationException {
    List<String> changed = new ArrayList<>();
    for (var component : Arrays.asList(one.getClass().getRecordComponents())) {
      Object was = component.getAccessor().invoke(one);
      if (!was.equals(component.getAccessor().invoke(other))) {
        changed.add(component.getName());
      }
    }
    return changed;
  }
}
