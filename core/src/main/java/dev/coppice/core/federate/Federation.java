package dev.coppice.core.federate;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The rounds, as the driver sees them (pFedGate, algorithm 1). The result depends on the settings,
 * the data and on who answered in which round, on nothing else.
 */
public final class Federation {
  private final FederationSettings settings;
  private final Clients clients;
  private final Consumer<RoundRecord> listener;

  /**
   * Prepares the rounds.
   *
   * @param listener told after every round
   */
  public Federation(FederationSettings settings, Clients clients, Consumer<RoundRecord> listener) {
    this.settings = settings;
    this.clients = clients;
    this.listener = listener;
  }

  /**
   * What one round did.
   *
   * @param round from 1
   * @param seconds wall-clock time
   * @param asked clients that were sampled
   * @param answered clients whose updates were applied
   * @param bytesReceived of all updates
   * @param largestUpdate bytes of the largest one
   */
  public record RoundRecord(
      int round,
      double seconds,
      SortedSet<Integer> asked,
      SortedSet<Integer> answered,
      long bytesReceived,
      long largestUpdate) {}

  /**
   * Runs all rounds that are left.
   *
   * @param start the state before the first round, or one that an interrupted run reached
   * @throws IllegalArgumentException if the gate would be too large
   */
  public GlobalState run(GlobalState start) {
    Gate.checkSize(start.layout().blocks(), settings.gate().gateFeatures(), start.items().stored());
    SortedSet<Integer> members = clients.members();
    GlobalState global = start;
    while (global.round() < settings.rounds().count()) {
      long begin = System.nanoTime();
      int round = global.round() + 1;
      SortedSet<Integer> asked =
          Participation.sampled(members, round, settings.rounds().participation(), settings.seed());
      List<ClientUpdate> updates = clients.round(global, asked);
      long stored = global.items().stored();
      global = ServerStep.apply(global, updates, settings);
      if (global.items().stored() != stored) {
        throw new IllegalStateException(
            "after round "
                + round
                + " the table stores "
                + global.items().stored()
                + " weights; its budget is "
                + stored);
      }
      SortedSet<Integer> answered = new TreeSet<>();
      updates.forEach(update -> answered.add(update.client()));
      listener.accept(
          new RoundRecord(
              round,
              (System.nanoTime() - begin) / 1e9,
              asked,
              answered,
              updates.stream().mapToLong(ClientUpdate::bytes).sum(),
              updates.stream().mapToLong(ClientUpdate::bytes).max().orElse(0)));
    }
    return global;
  }
}
