package dev.coppice.core.federate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.table.SparseTable;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that hold the rows of their own items: every third item is client c's. */
class ClientViewTest {
  private final PlantedClients planted = new PlantedClients();
  private final GlobalState global = planted.start(6, 4);
  private final FederationSettings settings = PlantedClients.ownItems(2, 1, GateRule.LEARNT);

  private boolean has(int client, int item) {
    return Arrays.stream(planted.train.get(client))
        .anyMatch(row -> Arrays.stream(row).anyMatch(taken -> taken == item));
  }

  @Test
  void holdsTheRowsOfTheItemsThatTheClientHas() {
    for (ClientData data : planted.data) {
      ClientView view = ClientView.of(data, global, true);
      SparseTable rows = view.state().items();
      rows.validate();
      int own = 0;
      for (int item = 0; item < PlantedClients.ITEMS; item++) {
        boolean has = has(data.client(), item);
        own += has ? 1 : 0;
        assertThat((view.rows()[item / 64] >>> item & 1) != 0).isEqualTo(has);
        assertThat(rows.rowDims(item)).isEqualTo(has ? global.items().rowDims(item) : new short[0]);
        assertThat(rows.rowWeights(item))
            .isEqualTo(has ? global.items().rowWeights(item) : new float[0]);
      }
      assertThat(own).isBetween(30, 40);
    }
  }

  @Test
  void isTheWholeTableWhereAllRowsMayBeHeld() {
    ClientView view = ClientView.of(planted.data.get(1), global, false);
    assertThat(view.state()).isSameAs(global);
    assertThat(view.rows()).isEmpty();
    assertThat(view.share(0.3))
        .isCloseTo(0.3, within(1.0 / global.items().stored()))
        .isLessThanOrEqualTo(0.3);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.5, 0.34, 0.2, 0.1, 0.01, 1e-9})
  void aShareOfTheWholeIsALargerShareOfTheOwn(double capacity) {
    ClientView view = ClientView.of(planted.data.get(0), global, true);
    double share = view.share(capacity);
    assertThat(share).isPositive().isLessThanOrEqualTo(1);
    long most = Capacity.weights(capacity, global.items().stored());
    assertThat(Capacity.weights(share, view.state().items().stored()))
        .isLessThanOrEqualTo(most)
        .isGreaterThanOrEqualTo(Math.min(most, view.state().items().stored()) - 1);
  }

  @Test
  void refusesACapacityThatIsNoShare() {
    ClientView view = ClientView.of(planted.data.get(0), global, true);
    assertThatThrownBy(() -> view.share(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("capacity is 0.0");
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.25, 0.1})
  void clientsHoldAndSendNothingOfItemsTheyDoNotHave(double capacity) {
    LocalClients clients = planted.clients(settings, capacity);
    List<ClientUpdate> updates = clients.round(global, new TreeSet<>(List.of(0, 1, 2)));
    for (ClientUpdate update : updates) {
      int client = update.client();
      SparseTable held = clients.state(client).items();
      assertThat(update.changes()).hasSize(held.stored());
      assertThat((long) held.stored())
          .isPositive()
          .isLessThanOrEqualTo(Capacity.weights(capacity, global.items().stored()));
      for (int item = 0; item < PlantedClients.ITEMS; item++) {
        assertThat(update.has(item)).isEqualTo(has(client, item));
        assertThat(has(client, item) || held.stored(item) == 0).isTrue();
      }
      if (capacity == 1) {
        assertThat(held.dims())
            .isEqualTo(
                ClientView.of(planted.data.get(client), global, true).state().items().dims());
      }
    }
  }

  /** At capacity 1 a client holds all its rows, and nobody else has them: the change is its own. */
  @Test
  void theServerMovesARowByTheClientsThatHaveItAlone() {
    LocalClients clients = planted.clients(settings, 1);
    List<ClientUpdate> updates = clients.round(global, new TreeSet<>(List.of(0, 1, 2)));
    SparseTable after = ServerStep.apply(global, updates, settings).items();
    int moved = 0;
    for (int item = 0; item < PlantedClients.ITEMS; item++) {
      int client = item % PlantedClients.CLIENTS;
      SparseTable own = clients.state(client).items();
      for (int i = 0; i < after.stored(item); i++) {
        float before = global.items().weights()[global.items().begin(item) + i];
        float expected =
            own.stored(item) == 0
                ? before
                : before + 0.5f * (own.weights()[own.begin(item) + i] - before);
        assertThat(after.weights()[after.begin(item) + i]).isCloseTo(expected, within(1e-6f));
        moved += expected == before ? 0 : 1;
      }
    }
    assertThat(moved).isGreaterThan(after.stored() / 2);
  }

  /** With a sixth of the table; the gate finds most of a client's items among all of them too. */
  @Test
  void aClientWithItsOwnItemsAloneHoldsNoOthersAndFindsAsMuch() {
    double alone = hits(settings);
    assertThat(alone).isGreaterThan(0.65).isGreaterThan(hits(settings.withAllItems()) - 0.05);
    LocalClients clients = planted.clients(settings, 0.17);
    for (int client = 0; client < PlantedClients.CLIENTS; client++) {
      SparseTable held = clients.personalise(global, client).items();
      SparseTable has = ClientView.of(planted.data.get(client), global, true).state().items();
      assertThat(held.stored()).isPositive();
      for (int item = 0; item < PlantedClients.ITEMS; item++) {
        assertThat(held.stored(item)).isLessThanOrEqualTo(has.stored(item));
      }
    }
  }

  private double hits(FederationSettings rule) {
    LocalClients clients = planted.clients(rule, 0.17);
    double sum = 0;
    for (int c = 0; c < PlantedClients.CLIENTS; c++) {
      sum += planted.hits(c, clients.personalise(global, c));
    }
    return sum / PlantedClients.CLIENTS;
  }

  /** What is held back from a trial still has its row. */
  @Test
  void aNewClientChoosesAmongAllItsItems() {
    FederationSettings chosen = PlantedClients.ownItems(1, 1, GateRule.CHOSEN);
    ClientState joined = new ClientStep(chosen, global).join(planted.data.get(2), 0.2);
    SparseTable own = ClientView.of(planted.data.get(2), global, true).state().items();
    assertThat(joined.items().weights())
        .isEqualTo(global.layout().gated(own, joined.kept()).weights());
    assertThat(planted.hits(2, joined)).isGreaterThan(0.65);
  }
}
