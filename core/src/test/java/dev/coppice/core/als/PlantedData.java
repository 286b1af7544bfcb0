package dev.coppice.core.als;

import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Interactions with planted communities, for tests: user u and item i belong together when u and i
 * leave the same remainder by {@code communities}. Every user and every item occurs.
 *
 * @param users one user a pair, 0 to userCount - 1
 * @param items one item a pair, 0 to itemCount - 1
 * @param weights one weight a pair, whole numbers from 1 to 5
 * @param held pairs {user, item} that were kept back: two a user
 */
public record PlantedData(
    int userCount,
    int itemCount,
    int communities,
    long[] users,
    long[] items,
    float[] weights,
    List<int[]> held) {

  /**
   * Draws the pairs.
   *
   * @param inside probability of a pair of one community
   * @param outside probability of any other pair
   */
  public static PlantedData of(
      int userCount, int itemCount, int communities, double inside, double outside, long seed) {
    List<int[]> pairs = new ArrayList<>();
    List<int[]> held = new ArrayList<>();
    for (int user = 0; user < userCount; user++) {
      int heldOfUser = 0;
      for (int item = 0; item < itemCount; item++) {
        boolean together = user % communities == item % communities;
        boolean chosen =
            SeedStream.uniform(seed, Purpose.GENERATE, user, item) < (together ? inside : outside);
        // One pair that is always there, for the user and for the item.
        boolean anchor = item == user % itemCount || user == item % userCount;
        if (anchor || chosen) {
          if (!anchor && together && heldOfUser < 2) {
            held.add(new int[] {user, item});
            heldOfUser++;
          } else {
            pairs.add(new int[] {user, item});
          }
        }
      }
    }
    long[] users = pairs.stream().mapToLong(pair -> pair[0]).toArray();
    long[] items = pairs.stream().mapToLong(pair -> pair[1]).toArray();
    float[] weights = new float[users.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = 1 + SeedStream.below(5, seed, Purpose.SAMPLE, users[i], items[i]);
    }
    return new PlantedData(userCount, itemCount, communities, users, items, weights, held);
  }

  /** Returns the blocks, weighted or with all weights 1. */
  public LocalBlocks blocks(AlsObjective objective, boolean weighted, int numBlocks) {
    boolean uses = weighted || objective.feedback() == AlsObjective.Feedback.EXPLICIT;
    return LocalBlocks.of(users, items, uses ? weights : null, objective, numBlocks);
  }
}
