package dev.coppice.core.federate;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/** All clients in one process: the reference that a cluster must match to the bit. */
public final class LocalClients implements Clients {
  private final FederationSettings settings;
  private final List<ClientData> data;
  private final double[] capacities;
  private final ClientState[] states;
  private final BiPredicate<Integer, Integer> fails;

  /**
   * Clients that always answer.
   *
   * @param capacities one a client
   */
  public LocalClients(FederationSettings settings, List<ClientData> data, double[] capacities) {
    this(settings, data, capacities, (round, client) -> false);
  }

  /**
   * Clients of which some fail.
   *
   * @param data in the order of the clients' numbers
   * @param fails (round, client) without an answer
   * @throws IllegalArgumentException if the numbers are not 0 and up, or capacities are missing
   */
  public LocalClients(
      FederationSettings settings,
      List<ClientData> data,
      double[] capacities,
      BiPredicate<Integer, Integer> fails) {
    if (capacities.length != data.size()) {
      throw new IllegalArgumentException(
          capacities.length + " capacities for " + data.size() + " clients");
    }
    for (int c = 0; c < data.size(); c++) {
      if (data.get(c).client() != c) {
        throw new IllegalArgumentException(
            "client " + data.get(c).client() + " stands at place " + c);
      }
    }
    this.settings = settings;
    this.data = List.copyOf(data);
    this.capacities = capacities.clone();
    this.states = new ClientState[data.size()];
    this.fails = fails;
  }

  @Override
  public SortedSet<Integer> members() {
    SortedSet<Integer> all = new TreeSet<>();
    data.forEach(client -> all.add(client.client()));
    return all;
  }

  @Override
  public Census census() {
    Census sum = null;
    for (ClientData client : data) {
      Census one =
          Census.of(
              client.client(),
              client.users().rows(),
              client.users().codes(),
              client.items().rows());
      sum = sum == null ? one : sum.plus(one);
    }
    return sum;
  }

  /** Sets what a client starts from, instead of {@link ClientStep#start}. */
  public void start(int client, ClientState state) {
    states[client] = state;
  }

  /** Returns what a client holds; null before its first round. */
  public ClientState state(int client) {
    return states[client];
  }

  @Override
  public List<ClientUpdate> round(GlobalState global, SortedSet<Integer> asked) {
    ClientStep step = new ClientStep(settings, global);
    List<ClientUpdate> updates = new ArrayList<>();
    for (int client : asked) {
      if (fails.test(global.round() + 1, client)) {
        continue;
      }
      updates.add(run(step, client).update());
    }
    return updates;
  }

  /** Trains a client's own model once more, after the last round. */
  public ClientState personalise(GlobalState global, int client) {
    ClientStep step = new ClientStep(settings, global);
    states[client] = step.personalise(data.get(client), before(step, client), capacities[client]);
    return states[client];
  }

  private ClientState before(ClientStep step, int client) {
    return states[client] == null ? step.start(data.get(client)) : states[client];
  }

  private ClientStep.Result run(ClientStep step, int client) {
    ClientStep.Result result = step.run(data.get(client), before(step, client), capacities[client]);
    states[client] = result.state();
    return result;
  }
}
