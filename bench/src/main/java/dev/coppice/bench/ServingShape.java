package dev.coppice.bench;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.Gramian;
import dev.coppice.core.serving.IdKind;
import dev.coppice.core.serving.Neighbours;
import dev.coppice.core.serving.ServingInfo;
import dev.coppice.core.serving.ServingModel;
import dev.coppice.core.serving.ServingWriter;
import dev.coppice.core.serving.WeightForm;
import dev.coppice.core.table.SparseTable;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;

/**
 * A random model: every row holds {@code density * rank} weights from a normal distribution, at
 * positions of which dimension d is drawn in proportion to {@code 1 / (d + 1)^.7}, as trained
 * tables use some dimensions more than others. Items and users may have neighbours and histories:
 * of these, the item of popularity rank r is drawn in proportion to {@code (r + 1)^-.55}, as both
 * favour the popular ones (of gowalla's items, the most popular one is in .17 % of the
 * interactions; in these draws it is in .4 %). Ids do not follow popularity.
 *
 * @param name for the report
 * @param users rows of the user table
 * @param items rows of the item table
 * @param rank width of a row
 * @param density share of the positions that hold a weight
 * @param neighbours an item; 0 for a model without
 * @param history items of a user, which it has seen too
 */
record ServingShape(
    String name, int users, int items, int rank, double density, int neighbours, int history) {
  private static final int SEEN = 27;
  private static final double SKEW = 0.7;
  private static final double POPULARITY = 0.55;

  /** As many rows as gowalla in LightGCN's split has, at the setting of the README. */
  static final ServingShape GOWALLA =
      new ServingShape("gowalla", 29_858, 40_981, 256, 0.05, 0, SEEN);

  /** The same with neighbours. */
  static final ServingShape HYBRID =
      new ServingShape("gowalla-hybrid", 29_858, 40_981, 256, 0.05, 44, SEEN);

  /** A million items. */
  static final ServingShape MILLION =
      new ServingShape("million", 100_000, 1_000_000, 256, 0.05, 0, SEEN);

  /**
   * Reads {@code NAME:USERS:ITEMS:RANK:DENSITY} or, with neighbours, {@code
   * NAME:USERS:ITEMS:RANK:DENSITY:NEIGHBOURS:HISTORY}.
   *
   * @throws IllegalArgumentException if it is of another form
   */
  static ServingShape parse(String text) {
    String[] parts = text.split(":", -1);
    try {
      return new ServingShape(
          parts[0],
          Integer.parseInt(parts[1]),
          Integer.parseInt(parts[2]),
          Integer.parseInt(parts[3]),
          Double.parseDouble(parts[4]),
          parts.length == 5 ? 0 : Integer.parseInt(parts[5]),
          parts.length == 5 ? SEEN : Integer.parseInt(parts[6]));
    } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "shape is '"
              + text
              + "'; write NAME:USERS:ITEMS:RANK:DENSITY or"
              + " NAME:USERS:ITEMS:RANK:DENSITY:NEIGHBOURS:HISTORY",
          e);
    }
  }

  /** Writes a file and opens it. */
  ServingModel write(Path directory, WeightForm form) throws IOException {
    Path file = directory.resolve(name + "-" + form.bits());
    ServingInfo info =
        new ServingInfo(
            rank,
            density,
            AlsObjective.implicit(0.01, 0.007, 1, 0.5, 0.3),
            1,
            20,
            IdKind.STRING,
            IdKind.STRING,
            "",
            neighbours > 0,
            Map.of());
    double[] cumulative = cumulative(rank, SKEW);
    double[] popular = neighbours > 0 ? cumulative(items, POPULARITY) : null;
    int[] byPopularity = byPopularity();
    Gramian gramian = new Gramian(rank);
    double[] scratch = Gramian.scratch(rank);
    Files.createDirectories(directory);
    try (ServingWriter writer = new ServingWriter(directory, info)) {
      for (int i = 0; i < items; i++) {
        SparseTable row = row(cumulative, i, 1);
        // A random table's Gramian is near that of a sample; summing all would take longest.
        if (i < 20_000) {
          gramian.add(row, scratch);
        }
        writer.addItem(
            id("item", i), 20, row.dims(), row.weights(), neighbours(popular, byPopularity, i));
      }
      writer.gramian(gramian.toMatrix());
      for (int u = 0; u < users; u++) {
        SparseTable row = row(cumulative, u, 2);
        int[] history =
            popular == null ? new int[0] : drawn(popular, byPopularity, u, history(u), 5);
        int[] seen = popular == null ? seen(u) : history;
        writer.addUser(id("user", u), row.dims(), row.weights(), seen, history);
      }
      writer.write(file, form);
    }
    return ServingModel.open(file);
  }

  /** Returns the id of a row; ids ascend with the rows. */
  static String id(String what, int row) {
    String digits = Integer.toString(row);
    return what + "000000000".substring(digits.length()) + digits;
  }

  private static double[] cumulative(int count, double skew) {
    double[] cumulative = new double[count];
    double sum = 0;
    for (int d = 0; d < count; d++) {
      sum += Math.pow(d + 1.0, -skew);
      cumulative[d] = sum;
    }
    return cumulative;
  }

  private SparseTable row(double[] cumulative, int row, long seed) {
    int wanted = Math.max(1, (int) Math.round(density * rank));
    boolean[] taken = new boolean[rank];
    int held = 0;
    for (int draw = 0; held < wanted; draw++) {
      double at = SeedStream.uniform(seed, Purpose.START_MASK, row, draw) * cumulative[rank - 1];
      int found = Arrays.binarySearch(cumulative, at);
      int d = Math.min(rank - 1, found < 0 ? -found - 1 : found);
      // After many draws the rest is taken in order, so that dense rows end.
      d = draw < 50 * rank ? d : firstFree(taken);
      if (!taken[d]) {
        taken[d] = true;
        held++;
      }
    }
    short[] dims = new short[held];
    float[] weights = new float[held];
    int to = 0;
    for (int d = 0; d < rank; d++) {
      if (taken[d]) {
        dims[to] = (short) d;
        weights[to++] = (float) (0.3 * SeedStream.gaussian(seed, Purpose.START_WEIGHTS, row, d));
      }
    }
    return new SparseTable(rank, new int[] {0, held}, dims, weights);
  }

  private static int firstFree(boolean[] taken) {
    int d = 0;
    while (taken[d]) {
      d++;
    }
    return d;
  }

  /** The items in an order that has nothing to do with their ids. */
  private int[] byPopularity() {
    int[] order = new int[items];
    for (int i = 0; i < items; i++) {
      int j = SeedStream.below(i + 1, 6, Purpose.SHUFFLE, i, 0);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private Neighbours neighbours(double[] popular, int[] byPopularity, int item) {
    if (popular == null) {
      return Neighbours.NONE;
    }
    int[] of =
        Arrays.stream(drawn(popular, byPopularity, item, neighbours, 4))
            .filter(i -> i != item)
            .toArray();
    float[] weights = new float[of.length];
    for (int n = 0; n < weights.length; n++) {
      weights[n] = (float) (0.05 * (1 + SeedStream.gaussian(4, Purpose.START_WEIGHTS, item, n)));
    }
    return new Neighbours(item, of, weights);
  }

  /** Length of a user's history: exponential, at least one third of the mean, as with a core. */
  private int history(int user) {
    double draw = SeedStream.uniform(5, Purpose.GENERATE, user, 0);
    return Math.max(1, (int) Math.round(history / 3.0 - history / 1.5 * Math.log(1 - draw)));
  }

  /** Items drawn by popularity, ascending, each once. */
  private int[] drawn(double[] popular, int[] byPopularity, int row, int count, long seed) {
    BitSet taken = new BitSet(items);
    int wanted = Math.min(count, items);
    for (int draw = 0; taken.cardinality() < wanted && draw < 50 * wanted; draw++) {
      double at = SeedStream.uniform(seed, Purpose.SAMPLE, row, draw) * popular[items - 1];
      int found = Arrays.binarySearch(popular, at);
      taken.set(byPopularity[Math.min(items - 1, found < 0 ? -found - 1 : found)]);
    }
    return taken.stream().toArray();
  }

  private int[] seen(int user) {
    int[] seen = new int[Math.min(SEEN, items / 2)];
    for (int i = 0; i < seen.length; i++) {
      seen[i] = SeedStream.below(items, 3, Purpose.SAMPLE, user, i);
    }
    return Arrays.stream(seen).sorted().distinct().toArray();
  }
}
