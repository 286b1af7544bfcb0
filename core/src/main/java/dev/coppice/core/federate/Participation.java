package dev.coppice.core.federate;

import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Who is asked in a round: a function of seed, round and client. */
public final class Participation {
  private Participation() {}

  /**
   * Returns the clients of a round: the share of them with the smallest draws, at least one.
   *
   * @param clients number of clients
   * @param round from 1
   */
  public static SortedSet<Integer> sampled(int clients, int round, double share, long seed) {
    int asked = Math.min(clients, Math.max(1, (int) Math.round(share * clients)));
    List<Integer> order =
        IntStream.range(0, clients)
            .boxed()
            .sorted(
                Comparator.comparingDouble(
                        (Integer c) -> SeedStream.uniform(seed, Purpose.CLIENTS, c, round))
                    .thenComparingInt(Integer::intValue))
            .limit(asked)
            .toList();
    return new TreeSet<>(order);
  }
}
