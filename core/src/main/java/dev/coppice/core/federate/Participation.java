package dev.coppice.core.federate;

import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Who is asked in a round: a function of seed, round and client. */
final class Participation {
  private Participation() {}

  /**
   * Returns the clients of a round: the share of them with the smallest draws, at least one.
   *
   * @param members numbers of the clients that take part in rounds
   * @param round from 1
   */
  static SortedSet<Integer> sampled(
      SortedSet<Integer> members, int round, double share, long seed) {
    long asked = Math.max(1, Math.round(share * members.size()));
    List<Integer> order =
        members.stream()
            .sorted(
                Comparator.comparingDouble(
                        (Integer c) -> SeedStream.uniform(seed, Purpose.CLIENTS, c, round))
                    .thenComparingInt(Integer::intValue))
            .limit(asked)
            .toList();
    return new TreeSet<>(order);
  }
}
