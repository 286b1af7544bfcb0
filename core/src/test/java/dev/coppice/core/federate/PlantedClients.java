package dev.coppice.core.federate;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.DynamicSparseTrainer;
import dev.coppice.core.als.InteractionBlock;
import dev.coppice.core.als.LocalBlocks;
import dev.coppice.core.als.LocalEngine;
import dev.coppice.core.als.Side;
import dev.coppice.core.als.TrainerSettings;
import dev.coppice.core.als.TrainerState;
import dev.coppice.core.mask.UpdateSchedule;
import dev.coppice.core.table.SparseTable;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Clients with communities of their own, for tests. Client c has {@link #COMMUNITIES} communities
 * of users and items; its users take most items of their community, few of the client's others, and
 * none of other clients. One item a user and community is kept back.
 */
final class PlantedClients {
  static final int CLIENTS = 3;
  static final int COMMUNITIES = 2;
  static final int ITEMS = 120;
  static final int USERS = 40;
  static final int RANK = 16;
  static final double DENSITY = 0.6;
  static final AlsObjective OBJECTIVE = AlsObjective.implicit(0.1, 0.02, 1, 0, 0);

  final List<int[][]> train = new ArrayList<>();
  final List<int[]> held = new ArrayList<>();
  final List<ClientData> data = new ArrayList<>();
  final Census census;
  final SparseTable items;

  PlantedClients() {
    Census sum = Census.none(ITEMS);
    for (int c = 0; c < CLIENTS; c++) {
      int[][] rows = new int[USERS][];
      int[] back = new int[USERS];
      for (int u = 0; u < USERS; u++) {
        int user = c * USERS + u;
        back[u] = -1;
        List<Integer> taken = new ArrayList<>();
        for (int item = c; item < ITEMS; item += CLIENTS) {
          boolean together = community(item) == u % COMMUNITIES;
          if (SeedStream.uniform(5, Purpose.GENERATE, user, item) < (together ? 0.5 : 0.03)) {
            if (together && back[u] < 0 && taken.size() >= u % 4) {
              back[u] = item;
            } else {
              taken.add(item);
            }
          }
        }
        rows[u] = taken.stream().mapToInt(Integer::intValue).toArray();
      }
      train.add(rows);
      held.add(back);
      sum = sum.plus(Census.of(c, USERS, codes(rows), ITEMS));
    }
    census = sum;
    for (int c = 0; c < CLIENTS; c++) {
      data.add(data(c, train.get(c)));
    }
    items = trained();
  }

  static int community(int item) {
    return item / CLIENTS % COMMUNITIES;
  }

  private static int[] codes(int[][] rows) {
    return Arrays.stream(rows).flatMapToInt(Arrays::stream).toArray();
  }

  private ClientData data(int client, int[][] rows) {
    int[] offsets = new int[rows.length + 1];
    long[] ids = new long[rows.length];
    for (int u = 0; u < rows.length; u++) {
      ids[u] = (long) client * USERS + u;
      offsets[u + 1] = offsets[u] + rows[u].length;
    }
    return ClientData.of(client, ids, offsets, codes(rows), null, census.degrees(), OBJECTIVE);
  }

  private SparseTable trained() {
    List<long[]> pairs = new ArrayList<>();
    for (ClientData client : data) {
      InteractionBlock users = client.users();
      for (int u = 0; u < users.rows(); u++) {
        for (int i = users.offsets()[u]; i < users.offsets()[u + 1]; i++) {
          pairs.add(new long[] {users.ids()[u], users.codes()[i]});
        }
      }
    }
    long[] all = new long[ITEMS];
    Arrays.setAll(all, i -> i);
    LocalBlocks blocks =
        LocalBlocks.of(
            pairs.stream().mapToLong(p -> p[0]).toArray(),
            pairs.stream().mapToLong(p -> p[1]).toArray(),
            null,
            OBJECTIVE,
            1,
            new long[0],
            all);
    LocalEngine engine = new LocalEngine(blocks, OBJECTIVE, RANK, DENSITY, 1, 3);
    new DynamicSparseTrainer(
            new TrainerSettings(6, 0.5, UpdateSchedule.COSINE, 1, 0, "x"), engine, sweep -> {})
        .train(TrainerState.FRESH);
    return engine.tables(Side.ITEMS)[0];
  }

  GlobalState start(int buckets, int dimGroups) {
    return new GlobalState(
        0,
        items,
        BlockLayout.of(BucketRule.AVAILABILITY, buckets, dimGroups, items, census, 1),
        census);
  }

  /** Settings by which clients may hold any row: else a third of the table holds all of theirs. */
  static FederationSettings settings(int rounds, double participation, GateRule gate) {
    return ownItems(rounds, participation, gate).withAllItems();
  }

  /** Own models are trained as in a round. */
  static FederationSettings ownItems(int rounds, double participation, GateRule gate) {
    return settings(
        OBJECTIVE,
        rounds,
        participation,
        new FederationSettings.MaskMoves(0, 0.2),
        gate,
        new FederationSettings.OwnModel(1, 0, false));
  }

  /** Three rounds of all clients with learnt gates, after each of which the global mask moves. */
  static FederationSettings exploring(double maskRatio) {
    return settings(
        OBJECTIVE,
        3,
        1,
        new FederationSettings.MaskMoves(1, maskRatio),
        GateRule.LEARNT,
        new FederationSettings.OwnModel(8, 0.3, false));
  }

  static FederationSettings settings(
      AlsObjective objective,
      int rounds,
      double participation,
      FederationSettings.MaskMoves maskMoves,
      GateRule gate,
      FederationSettings.OwnModel ownModel) {
    return new FederationSettings(
        objective,
        new FederationSettings.Rounds(rounds, participation, 1, 0.5),
        maskMoves,
        new FederationSettings.GateTraining(gate, 0, 1000, 1, 0.5, 0.01, 8),
        new FederationSettings.LocalRows(6, 0.3, 0.5, 1, true),
        ownModel,
        7);
  }

  LocalClients clients(FederationSettings settings, double capacity) {
    double[] capacities = new double[CLIENTS];
    Arrays.fill(capacities, capacity);
    return new LocalClients(settings, data, capacities);
  }

  /** Returns the share of a client's users whose kept-back item is among the best ten unseen. */
  double hits(int client, ClientState state) {
    int hits = 0;
    int users = 0;
    float[] dense = new float[RANK];
    for (int u = 0; u < USERS; u++) {
      int wanted = held.get(client)[u];
      if (wanted < 0) {
        continue;
      }
      users++;
      state.users().scatter(u, dense);
      double[] scores = new double[ITEMS];
      for (int item = 0; item < ITEMS; item++) {
        for (int p = state.items().begin(item); p < state.items().end(item); p++) {
          scores[item] += (double) dense[state.items().dim(p)] * state.items().weights()[p];
        }
      }
      state.users().unscatter(u, dense);
      for (int seen : train.get(client)[u]) {
        scores[seen] = Double.NEGATIVE_INFINITY;
      }
      double own = scores[wanted];
      hits += Arrays.stream(scores).filter(score -> score > own).count() < 10 ? 1 : 0;
    }
    return (double) hits / users;
  }
}
