package dev.coppice.core.federate;

import dev.coppice.core.items.CoOccurrences;
import dev.coppice.core.items.Histories;
import dev.coppice.core.items.HistoryCut;
import dev.coppice.core.items.NeighbourLearning;
import dev.coppice.core.items.NeighbourTable;
import dev.coppice.core.items.PairColumns;
import dev.coppice.core.items.PairTable;
import dev.coppice.core.items.PairTotals;
import dev.coppice.core.items.SentPairs;
import dev.coppice.core.linalg.HalfFloat;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What one client does to learn neighbours, as pure functions: it sends summed weights of pairs of
 * items, and learns from its own, exact ones and a share β of what the others sent
 * (docs/federation.md, "Neighbours").
 */
public final class NeighbourStep implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What β is where a client does not choose, and what another β has to be better than. */
  public static final double USUAL_SHARE = 0.1;

  /** What a client chooses β from, the usual first. */
  static final List<Double> SHARES = List.of(USUAL_SHARE, 0.0, 0.3, 1.0);

  private final NeighbourSettings settings;
  private final double ridge;

  /**
   * A step.
   *
   * @param meanHistory items a user on the mean, over all clients that send
   */
  public NeighbourStep(NeighbourSettings settings, double meanHistory) {
    this.settings = settings;
    ridge = settings.ridge(meanHistory);
  }

  /** Returns the items of a client's model, ascending. */
  public int[] items(ClientData data) {
    return IntStream.range(0, data.items().rows())
        .filter(item -> !settings.ownItems() || data.items().observations(item) > 0)
        .toArray();
  }

  /** Returns what a client sends: nothing else leaves it. */
  public List<SentPairs> sent(ClientData data) {
    Histories histories = histories(data);
    CoOccurrences sums = new CoOccurrences(data.items().rows());
    CoOccurrences users = new CoOccurrences(data.items().rows());
    List<SentPairs> sent = new ArrayList<>();
    for (int item = 0; item < data.items().rows(); item++) {
      if (histories.holds(item)) {
        histories.column(item, sums);
        histories.users(item, users);
        SentPairs pairs = SentPairs.of(item, sums, users, settings.minUsers());
        if (pairs.others().length > 0) {
          sent.add(pairs);
        }
      }
    }
    return sent;
  }

  private Histories histories(ClientData data) {
    Histories.Builder builder = new Histories.Builder(settings.weight());
    for (int user = 0; user < data.users().rows(); user++) {
      builder.add(HistoryCut.cut(data.history(user), settings.maxHistory()));
    }
    return builder.build(data.items().rows(), item -> true);
  }

  /**
   * Learns the neighbours of a client.
   *
   * @param totals what others have sent, of the items of the client's model alone
   * @param among what of it this client itself sent, by {@link #sent}; empty for nothing
   * @param own whether the client learns from its own users
   * @param capacity share of the neighbours an item that it may hold
   * @param most weights that it may hold whatever its capacity
   */
  public ClientNeighbours learn(
      ClientData data,
      List<PairTotals> totals,
      List<SentPairs> among,
      boolean own,
      double capacity,
      long most) {
    Learning learning = new Learning(data, capacity, most);
    PairTable others = new PairTable(data.items().rows(), without(totals, among));
    if (!own) {
      return learning.of(others, 1);
    }
    double share =
        Double.isNaN(settings.othersWeight())
            ? chosen(data, others, learning)
            : settings.othersWeight();
    return learning.of(histories(data).plus(others, share), share);
  }

  /** Learns the neighbours of a client from its own users alone; see {@link #learn}. */
  public ClientNeighbours alone(ClientData data, double capacity, long most) {
    return new Learning(data, capacity, most).of(histories(data), 0);
  }

  private static List<PairTotals> without(List<PairTotals> totals, List<SentPairs> sent) {
    SentPairs[] byItem = new SentPairs[sent.isEmpty() ? 0 : 1 + sent.get(sent.size() - 1).item()];
    sent.forEach(pairs -> byItem[pairs.item()] = pairs);
    List<PairTotals> left = new ArrayList<>();
    for (PairTotals each : totals) {
      boolean mine = each.item() < byItem.length && byItem[each.item()] != null;
      left.add(mine ? each.minus(byItem[each.item()].totals()) : each);
    }
    return left;
  }

  /**
   * Chooses β by interactions that the client holds back: the usual one, unless another serves them
   * better by more than one standard error, paired by user. What the others sent knows nothing of
   * them.
   */
  private double chosen(ClientData data, PairTable others, Learning learning) {
    boolean[] stays = PlanTrial.stays(data, settings.seed());
    ClientData rest = data.part(stays);
    int[][] held = PlanTrial.held(data, stays);
    PairColumns own = histories(rest);
    double[][] reached = new double[SHARES.size()][];
    for (int s = 0; s < reached.length; s++) {
      ClientNeighbours tried = learning.of(own.plus(others, SHARES.get(s)), SHARES.get(s));
      reached[s] = PlanTrial.reached(rest, held, tried.lists(rest, PlanTrial.TOP));
    }
    return SHARES.get(PlanTrial.best(reached));
  }

  /** Learns the neighbours of all items from what was sent alone: what all clients share. */
  public NeighbourTable global(int all, List<PairTotals> totals) {
    int[] items = IntStream.range(0, all).toArray();
    return new Learning(all, items, 1, Long.MAX_VALUE).of(new PairTable(all, totals), 1).table();
  }

  /** Learns tables of one size. */
  private final class Learning {
    private final int all;
    private final int[] items;
    private final double capacity;
    private final long budget;

    Learning(ClientData data, double capacity, long most) {
      this(data.items().rows(), items(data), capacity, most);
    }

    Learning(int all, int[] items, double capacity, long most) {
      this.all = all;
      this.items = items;
      this.capacity = capacity;
      budget = Math.min(most, settings.budget(capacity, items.length));
    }

    /** The weights are as they are stored. */
    ClientNeighbours of(PairColumns columns, double share) {
      NeighbourTable table =
          new NeighbourLearning(columns, all, items, ridge)
              .learn(budget, settings.mostPerItem(capacity));
      float[] weights = table.weights().clone();
      for (int q = 0; q < weights.length; q++) {
        weights[q] = HalfFloat.rounded(weights[q]);
      }
      return new ClientNeighbours(
          new NeighbourTable(table.items(), table.offsets(), table.neighbours(), weights), share);
    }
  }
}
