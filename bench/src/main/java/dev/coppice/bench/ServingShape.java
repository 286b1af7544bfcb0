package dev.coppice.bench;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.Gramian;
import dev.coppice.core.serving.IdKind;
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
import java.util.Map;

/**
 * A random model: every row holds {@code density * rank} weights from a normal distribution, at
 * positions of which dimension d is drawn in proportion to {@code 1 / (d + 1)^.7}, as trained
 * tables use some dimensions more than others.
 *
 * @param name for the report
 * @param users rows of the user table
 * @param items rows of the item table
 * @param rank width of a row
 * @param density share of the positions that hold a weight
 */
record ServingShape(String name, int users, int items, int rank, double density) {
  private static final int SEEN = 27;
  private static final double SKEW = 0.7;

  /** As many rows as gowalla in LightGCN's split has, at the setting of the README. */
  static final ServingShape GOWALLA = new ServingShape("gowalla", 29_858, 40_981, 256, 0.05);

  /** A million items. */
  static final ServingShape MILLION = new ServingShape("million", 100_000, 1_000_000, 256, 0.05);

  /**
   * Reads {@code NAME:USERS:ITEMS:RANK:DENSITY}.
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
          Double.parseDouble(parts[4]));
    } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "shape is '" + text + "'; write NAME:USERS:ITEMS:RANK:DENSITY", e);
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
            Map.of());
    double[] cumulative = cumulative();
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
        writer.addItem(id("item", i), 20, row.dims(), row.weights());
      }
      writer.gramian(gramian.toMatrix());
      for (int u = 0; u < users; u++) {
        SparseTable row = row(cumulative, u, 2);
        writer.addUser(id("user", u), row.dims(), row.weights(), seen(u));
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

  private double[] cumulative() {
    double[] cumulative = new double[rank];
    double sum = 0;
    for (int d = 0; d < rank; d++) {
      sum += Math.pow(d + 1.0, -SKEW);
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

  private int[] seen(int user) {
    int[] seen = new int[Math.min(SEEN, items / 2)];
    for (int i = 0; i < seen.length; i++) {
      seen[i] = SeedStream.below(items, 3, Purpose.SAMPLE, user, i);
    }
    return Arrays.stream(seen).sorted().distinct().toArray();
  }
}
