package dev.coppice.core.federate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.table.SparseTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ServerStepTest {
  private final PlantedClients planted = new PlantedClients();
  private final GlobalState global = planted.start(6, 4);
  private final FederationSettings settings = PlantedClients.settings(2, 1, GateRule.LEARNT);
  private final List<ClientUpdate> updates =
      planted.clients(settings, 0.5).round(global, new TreeSet<>(List.of(0, 1, 2)));

  /** The change that an update has for a position; NaN where its client does not hold it. */
  private double change(ClientUpdate update, int wanted) {
    int n = 0;
    for (int item = 0; item < global.items().rows(); item++) {
      for (int p = global.items().begin(item); p < global.items().end(item); p++) {
        boolean held = update.keeps(global.layout().block(item, global.items().dim(p)));
        if (p == wanted) {
          return held ? update.changes()[n] : Double.NaN;
        }
        n += held ? 1 : 0;
      }
    }
    throw new AssertionError();
  }

  @Test
  void averagesByTheClientsInteractionsWithTheBucket() {
    SparseTable after = ServerStep.apply(global, updates, settings).items();
    int held = 0;
    for (int item = 0; item < after.rows(); item++) {
      for (int p = after.begin(item); p < after.end(item); p++) {
        double sum = 0;
        double samples = 0;
        for (ClientUpdate update : updates) {
          double change = change(update, p);
          if (!Double.isNaN(change)) {
            int weight = 0;
            for (int[] row : planted.train.get(update.client())) {
              for (int taken : row) {
                weight +=
                    global.layout().bucketOf()[taken] == global.layout().bucketOf()[item] ? 1 : 0;
              }
            }
            sum += weight * change;
            samples += weight;
          }
        }
        held += samples > 0 ? 1 : 0;
        double mean = samples > 0 ? sum / samples : 0;
        assertThat((double) after.weights()[p])
            .isCloseTo(global.items().weights()[p] + 0.5 * mean, within(1e-6));
      }
    }
    assertThat(held).isPositive();
  }

  @Test
  void doesNotDependOnTheOrderOfTheAnswers() {
    List<ClientUpdate> turned = new ArrayList<>(updates);
    Collections.reverse(turned);
    assertThat(ServerStep.apply(global, turned, settings).items().weights())
        .isEqualTo(ServerStep.apply(global, updates, settings).items().weights());
  }

  @Test
  void withoutAnswersNothingChanges() {
    GlobalState after = ServerStep.apply(global, List.of(), settings);
    assertThat(after.items().weights()).isEqualTo(global.items().weights());
    assertThat(after.round()).isEqualTo(1);
  }

  @Test
  void refusesLateAndDoubleAnswers() {
    GlobalState next = ServerStep.apply(global, updates, settings);
    assertThatThrownBy(() -> ServerStep.apply(next, updates, settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("answers round 1; this is round 2");
    assertThatThrownBy(
            () -> ServerStep.apply(global, List.of(updates.get(0), updates.get(0)), settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("answers twice");
  }

  @Test
  void explorationKeepsTheBudgetAndMovesPositions() {
    FederationSettings explores = PlantedClients.exploring(0.4);
    List<ClientUpdate> scored =
        planted.clients(explores, 0.5).round(global, new TreeSet<>(List.of(0, 1, 2)));
    assertThat(scored).anySatisfy(update -> assertThat(update.growRows()).isNotEmpty());
    SparseTable after = ServerStep.apply(global, scored, explores).items();
    after.validate();
    assertThat(after.stored()).isEqualTo(global.items().stored());
    assertThat(after.dims()).isNotEqualTo(global.items().dims());
  }
}
