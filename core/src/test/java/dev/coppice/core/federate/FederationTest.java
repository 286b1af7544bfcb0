package dev.coppice.core.federate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.Objectives;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FederationTest {
  private final PlantedClients planted = new PlantedClients();

  private GlobalState run(FederationSettings settings, Clients clients) {
    return new Federation(settings, clients, round -> {}).run(planted.start(6, 4));
  }

  @Test
  void theSameParticipationGivesTheSameResult() {
    FederationSettings settings = PlantedClients.settings(4, 1, GateRule.LEARNT);
    double[] capacities = {0.5, 0.5, 0.5};
    List<SortedSet<Integer>> answered = new ArrayList<>();
    Clients fails =
        new LocalClients(
            settings, planted.data, capacities, (round, c) -> c == 1 && (round == 2 || round == 3));
    GlobalState one =
        new Federation(settings, fails, round -> answered.add(round.answered()))
            .run(planted.start(6, 4));
    assertThat(answered.get(0)).containsExactly(0, 1, 2);
    assertThat(answered.get(1)).containsExactly(0, 2);
    assertThat(answered.get(2)).containsExactly(0, 2);
    assertThat(answered.get(3)).containsExactly(0, 1, 2);

    // A client that answers too late is left out by whoever collects the answers: the same.
    LocalClients all = planted.clients(settings, 0.5);
    Clients late =
        new Clients() {
          @Override
          public SortedSet<Integer> members() {
            return all.members();
          }

          @Override
          public Census census() {
            return all.census();
          }

          @Override
          public List<ClientUpdate> round(GlobalState global, SortedSet<Integer> asked) {
            boolean missing = global.round() == 1 || global.round() == 2;
            asked.removeIf(c -> missing && c == 1);
            List<ClientUpdate> updates = new ArrayList<>(all.round(global, asked));
            java.util.Collections.reverse(updates);
            return updates;
          }
        };
    GlobalState two = run(settings, late);
    assertThat(two.items().weights()).isEqualTo(one.items().weights());
    assertThat(two.items().dims()).isEqualTo(one.items().dims());
  }

  @Test
  void goesOnFromAnyRound() {
    FederationSettings settings = PlantedClients.settings(3, 0.7, GateRule.LEARNT);
    GlobalState whole = run(settings, planted.clients(settings, 0.5));
    LocalClients clients = planted.clients(settings, 0.5);
    GlobalState first =
        new Federation(PlantedClients.settings(1, 0.7, GateRule.LEARNT), clients, round -> {})
            .run(planted.start(6, 4));
    assertThat(run(settings, clients, first).items().weights()).isEqualTo(whole.items().weights());
  }

  private static GlobalState run(FederationSettings settings, Clients clients, GlobalState from) {
    return new Federation(settings, clients, round -> {}).run(from);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.5, 0.34})
  void clientsFindTheirOwnCommunitiesWithinTheirCapacity(double capacity) {
    FederationSettings settings = PlantedClients.settings(2, 1, GateRule.LEARNT);
    LocalClients clients = planted.clients(settings, capacity);
    GlobalState end = run(settings, clients);
    for (int c = 0; c < PlantedClients.CLIENTS; c++) {
      ClientState state = clients.personalise(end, c);
      assertThat((long) state.items().stored())
          .isLessThanOrEqualTo(Capacity.weights(capacity, planted.items.stored()));
      // Ten of about 110 unseen items by chance; a community has twenty items.
      assertThat(planted.hits(c, state)).isGreaterThan(0.55);
    }
  }

  @Test
  void aGateKeepsTheItemsOfItsClient() {
    FederationSettings settings = PlantedClients.settings(1, 1, GateRule.LEARNT);
    LocalClients clients = planted.clients(settings, 0.34);
    GlobalState end = run(settings, clients);
    for (int c = 0; c < PlantedClients.CLIENTS; c++) {
      ClientState state = clients.personalise(end, c);
      int own = 0;
      for (int item = c; item < PlantedClients.ITEMS; item += PlantedClients.CLIENTS) {
        own += state.items().stored(item);
      }
      assertThat((double) own / state.items().stored()).isGreaterThan(0.7);
    }
  }

  @Test
  void aLearntGateBeatsARandomOne() {
    double learnt = hits(GateRule.LEARNT);
    assertThat(learnt).isGreaterThan(hits(GateRule.RANDOM) + 0.05);
  }

  private double hits(GateRule gate) {
    FederationSettings settings = PlantedClients.settings(0, 1, gate);
    LocalClients clients = planted.clients(settings, 0.15);
    double sum = 0;
    for (int c = 0; c < PlantedClients.CLIENTS; c++) {
      sum += planted.hits(c, clients.personalise(planted.start(12, 4), c));
    }
    return sum / PlantedClients.CLIENTS;
  }

  @Test
  void aNewClientTrainsItsGateOnTheFrozenTable() {
    FederationSettings settings = PlantedClients.settings(1, 1, GateRule.LEARNT);
    GlobalState global = planted.start(6, 4);
    ClientState joined = new ClientStep(settings, global).join(planted.data.get(2), 0.5);
    assertThat(joined.items().weights())
        .isEqualTo(global.layout().gated(global.items(), joined.kept()).weights());
    assertThat(planted.hits(2, joined)).isGreaterThan(0.65);
  }

  @Test
  void refusesAGateThatIsLargeBesideTheTable() {
    FederationSettings settings = PlantedClients.settings(1, 1, GateRule.LEARNT);
    GlobalState start = planted.start(20, 8);
    assertThatThrownBy(
            () -> new Federation(settings, planted.clients(settings, 1), r -> {}).run(start))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("more than 5 % of the global table's");
  }

  @Test
  void objectivesThatClientsCannotLearnAreRefused() {
    assertRefused(Objectives.explicit(0.1, 1), "set implicitPrefs = true");
    assertRefused(Objectives.withItemBias(PlantedClients.OBJECTIVE, true), "set itemBias = false");
    assertRefused(Objectives.nonnegative(PlantedClients.OBJECTIVE), "set nonnegative = false");
  }

  private static void assertRefused(AlsObjective objective, String remedy) {
    assertThatThrownBy(
            () ->
                PlantedClients.settings(
                    objective,
                    1,
                    1,
                    new FederationSettings.MaskMoves(0, 0.2),
                    GateRule.LEARNT,
                    new FederationSettings.OwnModel(1, 0, false)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(remedy);
  }
}
