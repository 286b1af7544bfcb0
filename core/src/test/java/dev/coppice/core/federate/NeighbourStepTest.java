package dev.coppice.core.federate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.items.HistoryWeight;
import dev.coppice.core.items.NeighbourTable;
import dev.coppice.core.items.PairTotals;
import dev.coppice.core.items.SentPairs;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sends and learns of neighbours. */
class NeighbourStepTest {
  private static final int ITEMS = 40;
  private static final double MEAN = 8;

  private static NeighbourSettings settings(int least, double share, boolean ownItems) {
    return new NeighbourSettings(
        new HistoryWeight(0), 2, 6, 2, 1000, least, share, ownItems, false, 5);
  }

  /** Users like items of their own remainder by 4; a client has all users or a remainder's. */
  private static ClientData client(int number, int users, double likes, int... tastes) {
    List<Long> ids = new ArrayList<>();
    List<Integer> items = new ArrayList<>();
    List<Integer> offsets = new ArrayList<>(List.of(0));
    for (int user = 0; user < users; user++) {
      int taste = tastes[user % tastes.length];
      int before = items.size();
      for (int item = 0; item < ITEMS; item++) {
        double chance = item % 4 == taste ? likes : 0.03;
        if (SeedStream.uniform(number, Purpose.GENERATE, user, item) < chance) {
          items.add(item);
        }
      }
      if (items.size() > before) {
        ids.add((long) user);
        offsets.add(items.size());
      }
    }
    return ClientData.of(
        number,
        ids.stream().mapToLong(Long::longValue).toArray(),
        offsets.stream().mapToInt(Integer::intValue).toArray(),
        items.stream().mapToInt(Integer::intValue).toArray(),
        null,
        new int[ITEMS],
        AlsObjective.implicit(0, 0, 1, 0, 0));
  }

  private static List<PairTotals> totals(NeighbourStep step, ClientData... clients) {
    Map<Integer, PairTotals> byItem = new TreeMap<>();
    for (ClientData client : clients) {
      for (SentPairs sent : step.sent(client)) {
        byItem.merge(sent.item(), sent.totals(), PairTotals::plus);
      }
    }
    return new ArrayList<>(byItem.values());
  }

  private static void same(NeighbourTable found, NeighbourTable expected) {
    assertThat(found.items()).isEqualTo(expected.items());
    assertThat(found.offsets()).isEqualTo(expected.offsets());
    assertThat(found.neighbours()).isEqualTo(expected.neighbours());
    assertThat(found.weights()).isEqualTo(expected.weights());
  }

  /** With all pairs sent and β = 1, every client learns what all clients together would. */
  @Test
  void withAllOfTheOthersAClientLearnsFromAllTogether() {
    NeighbourStep step = new NeighbourStep(settings(1, 1, false), MEAN);
    ClientData[] clients = {client(1, 30, .5, 0, 1), client(2, 50, .4, 2), client(3, 9, .3, 1, 3)};
    List<PairTotals> totals = totals(step, clients);
    NeighbourTable all = step.global(ITEMS, totals);
    assertThat(all.weights().length).isEqualTo(6 * ITEMS);
    for (ClientData client : clients) {
      ClientNeighbours own = step.learn(client, totals, step.sent(client), true, 1, Long.MAX_VALUE);
      assertThat(own.othersWeight()).isEqualTo(1);
      same(own.table(), all);
    }
  }

  @Test
  void withoutTheOthersAClientIsAlone() {
    NeighbourStep step = new NeighbourStep(settings(1, 0, true), MEAN);
    ClientData client = client(1, 30, .5, 0);
    List<PairTotals> totals = totals(step, client, client(2, 60, .5, 1, 2, 3));
    ClientNeighbours alone = step.alone(client, 1, Long.MAX_VALUE);
    same(
        step.learn(client, totals, step.sent(client), true, 1, Long.MAX_VALUE).table(),
        alone.table());
    same(step.learn(client, List.of(), List.of(), true, 1, Long.MAX_VALUE).table(), alone.table());
    // Rare pairs are missing in what is sent, and not in what the client itself learns from.
    NeighbourStep rare = new NeighbourStep(settings(7, 0, true), MEAN);
    same(
        rare.learn(client, totals(rare, client), rare.sent(client), true, 1, Long.MAX_VALUE)
            .table(),
        alone.table());
    assertThat(alone.table().items()).isEqualTo(step.items(client));
  }

  /** Who joins and sends nothing learns from the others alone. */
  @Test
  void aNewClientIsServedFromTheOthers() {
    NeighbourStep step = new NeighbourStep(settings(1, 0.3, false), MEAN);
    ClientData others = client(1, 80, .5, 0, 1, 2, 3);
    ClientData joins = client(2, 20, .5, 0);
    List<PairTotals> totals = totals(step, others);
    ClientNeighbours served = step.learn(joins, totals, List.of(), false, 1, Long.MAX_VALUE);
    same(served.table(), step.global(ITEMS, totals));
    // With its own pairs it learns as if it had been there and sent them.
    ClientNeighbours own = step.learn(joins, totals, List.of(), true, 1, Long.MAX_VALUE);
    same(
        own.table(),
        step.learn(joins, totals(step, others, joins), step.sent(joins), true, 1, Long.MAX_VALUE)
            .table());
    assertThat(own.table().weights()).isNotEqualTo(served.table().weights());
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.5, 0.1})
  void aClientKeepsToItsCapacityAndItsLimit(double capacity) {
    NeighbourStep step = new NeighbourStep(settings(1, 0.1, true), MEAN);
    ClientData client = client(1, 60, .5, 0, 1);
    int rows = step.items(client).length;
    ClientNeighbours own = step.learn(client, List.of(), List.of(), true, capacity, Long.MAX_VALUE);
    assertThat(own.table().weights().length).isEqualTo((int) (capacity * 6 * rows));
    assertThat(step.learn(client, List.of(), List.of(), true, capacity, 7).table().weights().length)
        .isEqualTo(7);
    for (int row = 0; row < rows; row++) {
      assertThat(own.table().neighbours(row).length)
          .isLessThanOrEqualTo((int) Math.ceil(2 * capacity * 6));
    }
  }

  /**
   * A client with few users of the others' taste takes what they sent; one unlike them does not.
   */
  @Test
  void aClientChoosesWhatTheOthersWeigh() {
    NeighbourStep step = new NeighbourStep(settings(1, Double.NaN, true), MEAN);
    ClientData many = client(1, 200, .4, 0, 1, 2, 3);
    ClientData few = client(2, 400, .1, 0, 1, 2, 3);
    List<PairTotals> totals = totals(step, many, few);
    assertThat(step.learn(few, totals, step.sent(few), true, 1, Long.MAX_VALUE).othersWeight())
        .isEqualTo(1);
    // The others' items go by fours, the client's by runs of ten.
    ClientData unlike = unlike(client(3, 200, .4, 0, 1, 2, 3));
    double share =
        step.learn(unlike, totals(step, many, unlike), step.sent(unlike), true, 1, Long.MAX_VALUE)
            .othersWeight();
    assertThat(share).isLessThanOrEqualTo(NeighbourStep.USUAL_SHARE);
  }

  private static ClientData unlike(ClientData data) {
    int[] offsets = data.users().offsets();
    int[] codes = data.users().codes().clone();
    for (int i = 0; i < codes.length; i++) {
      codes[i] = codes[i] % 4 * 10 + codes[i] / 4;
    }
    for (int user = 0; user < data.users().rows(); user++) {
      Arrays.sort(codes, offsets[user], offsets[user + 1]);
    }
    return ClientData.of(
        data.client(),
        data.users().ids(),
        offsets,
        codes,
        null,
        new int[ITEMS],
        AlsObjective.implicit(0, 0, 1, 0, 0));
  }

  /** Lists are those of a plain sum over the items that a user has. */
  @Test
  void listsAreThoseOfPlainSums() {
    NeighbourStep step = new NeighbourStep(settings(1, 0, true), MEAN);
    ClientData client = client(1, 25, .5, 0, 1, 2, 3);
    ClientNeighbours own = step.alone(client, 1, Long.MAX_VALUE);
    NeighbourTable table = own.table();
    ClientLists lists = own.lists(client, 5);
    for (int user = 0; user < client.users().rows(); user++) {
      int[] history = client.history(user);
      int[] list = lists.of(user, history);
      assertThat(list).hasSize(5);
      double before = Double.POSITIVE_INFINITY;
      for (int item : list) {
        assertThat(Arrays.binarySearch(history, item)).isNegative();
        double score = score(table, item, history);
        assertThat(score).isLessThanOrEqualTo(before + 1e-6);
        before = score;
      }
      for (int item : table.items()) {
        if (Arrays.binarySearch(history, item) < 0
            && Arrays.stream(list).noneMatch(each -> each == item)) {
          assertThat(score(table, item, history)).isLessThanOrEqualTo(before + 1e-6);
        }
      }
    }
  }

  private static double score(NeighbourTable table, int item, int[] history) {
    int row = Arrays.binarySearch(table.items(), item);
    double sum = 0;
    for (int q = 0; q < table.neighbours(row).length; q++) {
      sum +=
          Arrays.binarySearch(history, table.neighbours(row)[q]) >= 0 ? table.weights(row)[q] : 0;
    }
    return sum;
  }

  /** Neighbours find planted tastes again, far better than any order that ignores the user. */
  @Test
  void neighboursFindPlantedTastes() {
    NeighbourStep step = new NeighbourStep(settings(1, 0.1, true), MEAN);
    ClientData client = client(1, 200, .5, 0, 1, 2, 3);
    boolean[] stays = PlanTrial.stays(client, 9);
    ClientData rest = client.part(stays);
    double[] reached =
        PlanTrial.reached(
            rest,
            PlanTrial.held(client, stays),
            step.alone(rest, 1, Long.MAX_VALUE).lists(rest, PlanTrial.TOP));
    double[] popular =
        PlanTrial.reached(
            rest, PlanTrial.held(client, stays), (user, seen) -> new int[] {0, 1, 2, 3, 4, 5});
    assertThat(Arrays.stream(reached).average().orElse(0))
        .isGreaterThan(2 * Arrays.stream(popular).average().orElse(0))
        .isGreaterThan(0.4);
  }
}
