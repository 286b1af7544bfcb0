package dev.coppice.core.federate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.als.PositionScores;
import dev.coppice.core.table.SparseTable;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client's own model, with positions that move. */
class OwnModelTest {
  private final PlantedClients planted = new PlantedClients();
  private final GlobalState global = planted.start(12, 4);
  private final FederationSettings fixed = PlantedClients.ownItems(1, 1, GateRule.LEARNT);
  private final FederationSettings moving = fixed.with(own(6, 0.3));

  private static FederationSettings.OwnModel own(int finalSteps, double itemRatio) {
    return new FederationSettings.OwnModel(finalSteps, itemRatio, false);
  }

  private ClientState own(FederationSettings settings, int client, double capacity) {
    ClientStep step = new ClientStep(settings, global);
    ClientData data = planted.data.get(client);
    return step.personalise(data, step.start(data), capacity);
  }

  @Test
  void theShareThatMovesFallsAlongACosine() {
    LocalSteps steps = new LocalSteps(4, 0.3);
    assertThat(steps.itemRatio(0)).isEqualTo(0.3);
    assertThat(steps.itemRatio(1)).isCloseTo(0.25607, within(1e-5));
    assertThat(steps.itemRatio(2)).isCloseTo(0.15, within(1e-12));
    assertThat(steps.itemRatio(3)).isCloseTo(0.04393, within(1e-5));
    assertThat(new LocalSteps(3, 0).itemRatio(1)).isZero();
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.25, 0.1})
  void rowsKeepTheWeightsThatTheGateLeftThem(double capacity) {
    for (int c = 0; c < PlantedClients.CLIENTS; c++) {
      ClientState state = own(moving, c, capacity);
      SparseTable view = ClientView.of(planted.data.get(c), global, true).state().items();
      SparseTable left = global.layout().gated(view, state.kept());
      assertThat(state.items().rowOffsets()).isEqualTo(left.rowOffsets());
      assertThat((long) state.items().stored())
          .isLessThanOrEqualTo(Capacity.weights(capacity, global.items().stored()));
      int elsewhere = 0;
      for (int item = 0; item < left.rows(); item++) {
        Set<Short> dims = new TreeSet<>();
        for (short dim : state.items().rowDims(item)) {
          dims.add(dim);
        }
        assertThat(dims).hasSize(left.stored(item));
        for (short dim : left.rowDims(item)) {
          elsewhere += dims.contains(dim) ? 0 : 1;
        }
      }
      assertThat(elsewhere).isPositive();
    }
  }

  @Test
  void withoutMovesItIsWhatARoundTrains() {
    ClientStep step = new ClientStep(fixed.with(own(fixed.rounds().localSteps(), 0)), global);
    ClientData data = planted.data.get(1);
    ClientState round = step.run(data, step.start(data), 0.2).state();
    ClientState own = step.personalise(data, step.start(data), 0.2);
    assertThat(own.items().dims()).isEqualTo(round.items().dims());
    assertThat(own.items().weights()).isEqualTo(round.items().weights());
    assertThat(own.users().weights()).isEqualTo(round.users().weights());
  }

  @Test
  void noStepsLeaveTheGlobalRows() {
    ClientState own = own(fixed.with(own(0, 0.3)), 1, 0.2);
    SparseTable view = ClientView.of(planted.data.get(1), global, true).state().items();
    SparseTable left = global.layout().gated(view, own.kept());
    assertThat(own.items().dims()).isEqualTo(left.dims());
    assertThat(own.items().weights()).isEqualTo(left.weights());
  }

  /** What is compared with: blocks by magnitude, positions in place, weights trained. */
  @ParameterizedTest
  @ValueSource(doubles = {1, 0.25})
  void thePrunedTableFitsTheSameBytes(double capacity) {
    ClientStep step = new ClientStep(moving, global);
    ClientData data = planted.data.get(1);
    ClientState pruned = step.pruned(data, step.wholeUsers(data), capacity);
    SparseTable view = ClientView.of(data, global, true).state().items();
    SparseTable left = global.layout().gated(view, pruned.kept());
    assertThat(pruned.items().rowOffsets()).isEqualTo(left.rowOffsets());
    assertThat(pruned.items().dims()).isEqualTo(left.dims());
    assertThat(pruned.items().weights()).isNotEqualTo(left.weights());
    assertThat((long) pruned.items().stored())
        .isLessThanOrEqualTo(Capacity.weights(capacity, global.items().stored()));
    ClientState magnitude =
        own(PlantedClients.ownItems(1, 1, GateRule.MAGNITUDE).with(own(6, 0)), 1, capacity);
    assertThat(pruned.kept()).isEqualTo(magnitude.kept());
  }

  /** What goes back are changes at positions that all clients know. */
  @Test
  void roundsKeepThePositionsOfTheGlobalTable() {
    ClientStep step = new ClientStep(moving, global);
    ClientData data = planted.data.get(0);
    ClientState round = step.run(data, step.start(data), 0.2).state();
    SparseTable view = ClientView.of(data, global, true).state().items();
    assertThat(round.items().dims()).isEqualTo(global.layout().gated(view, round.kept()).dims());
  }

  /** Knows nothing of the clients: two weights a row, anywhere. */
  private GlobalState blank() {
    int size = 2;
    int[] offsets = new int[PlantedClients.ITEMS + 1];
    short[] dims = new short[PlantedClients.ITEMS * size];
    float[] weights = new float[dims.length];
    for (int item = 0; item < PlantedClients.ITEMS; item++) {
      offsets[item + 1] = offsets[item] + size;
      int half = PlantedClients.RANK / size;
      for (int i = 0; i < size; i++) {
        int p = offsets[item] + i;
        dims[p] = (short) (i * half + half * SeedStream.uniform(1, Purpose.GENERATE, item, i));
        weights[p] = (float) SeedStream.uniform(2, Purpose.GENERATE, item, i);
      }
    }
    SparseTable any = new SparseTable(PlantedClients.RANK, offsets, dims, weights);
    return new GlobalState(0, any, global.layout(), planted.census);
  }

  @Test
  void positionsThatMoveFindWhatTheGlobalTableDoesNotHave() {
    double stay = hits(blank(), moving.with(own(6, 0)));
    double move = hits(blank(), moving);
    assertThat(move).isGreaterThan(stay + 0.1);
  }

  private double hits(GlobalState state, FederationSettings settings) {
    ClientStep step = new ClientStep(settings, state);
    return hits(data -> step.personalise(data, step.start(data), 1));
  }

  private double hits(Function<ClientData, ClientState> made) {
    double sum = 0;
    for (int c = 0; c < PlantedClients.CLIENTS; c++) {
      sum += planted.hits(c, made.apply(planted.data.get(c)));
    }
    return sum / PlantedClients.CLIENTS;
  }

  @Test
  void newClientsFindInTheirOwnRowsWhatTheFrozenTableDoesNotHave() {
    ClientStep gates = new ClientStep(moving, blank());
    ClientStep rows =
        new ClientStep(moving.with(new FederationSettings.OwnModel(6, 0.3, true)), blank());
    assertThat(hits(data -> rows.join(data, 1)))
        .isGreaterThan(hits(data -> gates.join(data, 1)) + 0.1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 1})
  void newClientsTrainTheirRowsIfToldTo(double capacity) {
    FederationSettings wanted = moving.with(new FederationSettings.OwnModel(6, 0.3, true));
    ClientStep frozen = new ClientStep(moving, global);
    for (ClientData data : planted.data) {
      ClientState gate = frozen.join(data, capacity);
      SparseTable view = ClientView.of(data, global, true).state().items();
      SparseTable left = global.layout().gated(view, gate.kept());
      assertThat(gate.items().dims()).isEqualTo(left.dims());
      assertThat(gate.items().weights()).isEqualTo(left.weights());
      ClientState own = new ClientStep(wanted, global).join(data, capacity);
      ClientState expected = frozen.personalise(data, gate, capacity);
      assertThat(own.items().dims()).isEqualTo(expected.items().dims());
      assertThat(own.items().weights())
          .isEqualTo(expected.items().weights())
          .isNotEqualTo(left.weights());
      assertThat(own.users().weights()).isEqualTo(expected.users().weights());
      assertThat((long) own.items().stored())
          .isLessThanOrEqualTo(Capacity.weights(capacity, global.items().stored()));
      // What others are told of these users does not depend on it.
      assertThat(new ClientStep(wanted, global).wholeUsers(data).weights())
          .isEqualTo(frozen.wholeUsers(data).weights());
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.3, 1})
  void movesAreThoseOfTheDefinition(double share) {
    ClientData data = planted.data.get(2);
    ClientView view = ClientView.of(data, global, true);
    SparseTable items = view.state().items();
    ClientStep step = new ClientStep(fixed, global);
    SparseTable users = step.start(data).users();
    LocalSolver solver = new LocalSolver(data, view, fixed.objective());
    SparseTable moved = solver.movedItems(users, items, share);
    PositionScores row = solver.itemScores(users);
    float[] dense = new float[PlantedClients.RANK];
    for (int item = 0; item < items.rows(); item++) {
      if (items.stored(item) == 0) {
        assertThat(moved.stored(item)).isZero();
        continue;
      }
      row.score(data.items(), item, items);
      items.scatter(item, dense);
      int go = (int) Math.ceil(share * items.stored(item));
      Set<Integer> expected = new TreeSet<>();
      IntStream.range(items.begin(item), items.end(item))
          .mapToObj(items::dim)
          .sorted(Comparator.comparingDouble(dim -> row.saliency(dim, dense[dim])))
          .skip(go)
          .forEach(expected::add);
      IntStream.range(0, PlantedClients.RANK)
          .boxed()
          .filter(dim -> !expected.contains(dim))
          .sorted(Comparator.comparingDouble((Integer dim) -> -row.gain(dim)))
          .limit(go)
          .toList()
          .forEach(expected::add);
      assertThat(moved.rowDims(item)).containsExactly(shorts(expected));
      for (int p = moved.begin(item); p < moved.end(item); p++) {
        assertThat(moved.weights()[p]).isEqualTo(dense[moved.dim(p)]);
      }
      items.unscatter(item, dense);
    }
  }

  private static short[] shorts(Set<Integer> dims) {
    short[] shorts = new short[dims.size()];
    int n = 0;
    for (int dim : dims) {
      shorts[n++] = (short) dim;
    }
    return shorts;
  }
}
