package dev.coppice.core.als;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Interaction blocks made the plain way from arrays of pairs, for tests. */
public record LocalBlocks(RowCode code, Map<Side, InteractionBlock[]> blocks, long observations) {

  /**
   * Builds both sides' blocks.
   *
   * @param weights one per pair; null where all are 1
   */
  public static LocalBlocks of(
      long[] users, long[] items, float[] weights, AlsObjective objective, int numBlocks) {
    return of(users, items, weights, objective, numBlocks, new long[0], new long[0]);
  }

  /** Builds both sides' blocks with rows for more ids than those of the pairs. */
  public static LocalBlocks of(
      long[] users,
      long[] items,
      float[] weights,
      AlsObjective objective,
      int numBlocks,
      long[] keptUsers,
      long[] keptItems) {
    return of(
        users, items, weights, objective, numBlocks, keptUsers, keptItems, Map.of(), Map.of());
  }

  /** As above, confidences going by degrees that count earlier observations too. */
  public static LocalBlocks of(
      long[] users,
      long[] items,
      float[] weights,
      AlsObjective objective,
      int numBlocks,
      long[] keptUsers,
      long[] keptItems,
      Map<Long, Integer> userDegrees,
      Map<Long, Integer> itemDegrees) {
    long[][] userIds = ids(users, keptUsers, numBlocks);
    long[][] itemIds = ids(items, keptItems, numBlocks);
    RowCode code = RowCode.forBlocks(numBlocks);
    Map<Side, InteractionBlock[]> blocks = new EnumMap<>(Side.class);
    int[] ofUsers = degrees(users, userDegrees);
    int[] ofItems = degrees(items, itemDegrees);
    blocks.put(
        Side.USERS,
        side(users, items, userIds, itemIds, weights, objective, code, ofUsers, ofItems, true));
    blocks.put(
        Side.ITEMS,
        side(items, users, itemIds, userIds, weights, objective, code, ofItems, ofUsers, false));
    return new LocalBlocks(code, blocks, users.length);
  }

  private static InteractionBlock[] side(
      long[] mine,
      long[] others,
      long[][] myIds,
      long[][] otherIds,
      float[] weights,
      AlsObjective objective,
      RowCode code,
      int[] myDegree,
      int[] otherDegree,
      boolean users) {
    int numBlocks = myIds.length;
    boolean explicit = objective.feedback() == AlsObjective.Feedback.EXPLICIT;
    record Observation(int code, float confidence, float rating) {}
    List<List<List<Observation>>> rows = new ArrayList<>();
    for (long[] blockIds : myIds) {
      List<List<Observation>> blockRows = new ArrayList<>();
      for (int r = 0; r < blockIds.length; r++) {
        blockRows.add(new ArrayList<>());
      }
      rows.add(blockRows);
    }
    for (int i = 0; i < mine.length; i++) {
      int block = RowCode.blockOf(mine[i], numBlocks);
      int local = Arrays.binarySearch(myIds[block], mine[i]);
      int otherBlock = RowCode.blockOf(others[i], numBlocks);
      int otherLocal = Arrays.binarySearch(otherIds[otherBlock], others[i]);
      float weight = weights == null ? 1 : weights[i];
      float user =
          AlsObjective.debiasFactor(
              users ? myDegree[(int) mine[i]] : otherDegree[(int) others[i]],
              objective.userDebias());
      float item =
          AlsObjective.debiasFactor(
              users ? otherDegree[(int) others[i]] : myDegree[(int) mine[i]],
              objective.itemDebias());
      rows.get(block)
          .get(local)
          .add(
              new Observation(
                  code.encode(otherBlock, otherLocal),
                  explicit ? user * item : weight * (user * item),
                  weight));
    }
    InteractionBlock[] blocks = new InteractionBlock[numBlocks];
    long first = 0;
    for (int b = 0; b < numBlocks; b++) {
      int n = rows.get(b).size();
      int[] offsets = new int[n + 1];
      List<Observation> all = new ArrayList<>();
      for (int r = 0; r < n; r++) {
        List<Observation> row = rows.get(b).get(r);
        row.sort(Comparator.comparingInt(Observation::code).thenComparing(Observation::rating));
        all.addAll(row);
        offsets[r + 1] = all.size();
      }
      int[] codes = new int[all.size()];
      float[] confidences = new float[all.size()];
      float[] ratings = explicit ? new float[all.size()] : null;
      for (int i = 0; i < codes.length; i++) {
        codes[i] = all.get(i).code();
        confidences[i] = all.get(i).confidence();
        if (explicit) {
          ratings[i] = all.get(i).rating();
        }
      }
      blocks[b] = new InteractionBlock(first, myIds[b], offsets, codes, confidences, ratings);
      first += n;
    }
    return blocks;
  }

  private static long[][] ids(long[] keys, long[] kept, int numBlocks) {
    long[] distinct =
        LongStream.concat(Arrays.stream(keys), Arrays.stream(kept)).distinct().sorted().toArray();
    long[][] ids = new long[numBlocks][];
    for (int b = 0; b < numBlocks; b++) {
      int block = b;
      ids[b] =
          Arrays.stream(distinct).filter(id -> RowCode.blockOf(id, numBlocks) == block).toArray();
    }
    return ids;
  }

  private static int[] degrees(long[] keys, Map<Long, Integer> earlier) {
    int[] degrees = new int[(int) Arrays.stream(keys).max().orElse(-1) + 1];
    for (int key = 0; key < degrees.length; key++) {
      degrees[key] = earlier.getOrDefault((long) key, 0);
    }
    for (long key : keys) {
      degrees[(int) key]++;
    }
    return degrees;
  }
}
