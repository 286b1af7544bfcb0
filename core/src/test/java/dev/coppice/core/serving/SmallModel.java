package dev.coppice.core.serving;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.Gramian;
import dev.coppice.core.als.Objectives;
import dev.coppice.core.table.SparseTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Two random tables with ids, a file of them, and rankings by plain loops. */
final class SmallModel {
  static final AlsObjective OBJECTIVE = AlsObjective.implicit(0.1, 0.05, 0.7, 0.5, 0.3);

  final ServingInfo info;
  final SparseTable users;
  final SparseTable items;
  final List<String> userIds;
  final List<String> itemIds;
  final int[] degrees;
  final int[][] seen;

  /**
   * Random tables.
   *
   * @param density share of the positions that hold a weight; every seventh row is empty
   */
  SmallModel(IdKind ids, int rank, int users, int items, double density, long seed) {
    this(ids, rank, users, items, density, seed, false);
  }

  /** As above, with item biases or without. */
  SmallModel(
      IdKind ids, int rank, int users, int items, double density, long seed, boolean itemBias) {
    this(ids, rank, users, items, density, seed, Objectives.withItemBias(OBJECTIVE, itemBias));
  }

  /** As above, for any objective. */
  SmallModel(
      IdKind ids,
      int rank,
      int users,
      int items,
      double density,
      long seed,
      AlsObjective objective) {
    Random random = new Random(seed);
    info =
        new ServingInfo(
            rank, 0.4, objective, 1.7, 2.5, ids, ids, "f00", false, Map.of("run", "a=b"));
    this.users = table(random, rank, users, density);
    this.items = table(random, rank, items, density);
    userIds = ids(ids, users);
    itemIds = ids(ids, items);
    degrees = IntStream.range(0, items).map(i -> i % 5).toArray();
    seen = new int[users][];
    for (int u = 0; u < users; u++) {
      int user = u;
      seen[u] =
          IntStream.range(0, items).filter(i -> user % 3 == 1 && random.nextBoolean()).toArray();
    }
  }

  private static SparseTable table(Random random, int rank, int rows, double density) {
    int[] offsets = new int[rows + 1];
    List<Integer> dims = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      for (int d = 0; d < rank && r % 7 != 3; d++) {
        if (random.nextDouble() < density) {
          dims.add(d);
        }
      }
      offsets[r + 1] = dims.size();
    }
    short[] positions = new short[dims.size()];
    float[] weights = new float[dims.size()];
    for (int p = 0; p < positions.length; p++) {
      positions[p] = (short) (int) dims.get(p);
      // Few values, so that ties are common.
      weights[p] = (random.nextInt(5) - 2) * 0.37f;
    }
    return new SparseTable(rank, offsets, positions, weights);
  }

  /** Ids in the order of their kind; the texts in that of code points, not of chars. */
  private static List<String> ids(IdKind kind, int rows) {
    List<String> ids = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      ids.add(
          switch (kind) {
            case INT -> Integer.toString(3 * r - 20);
            case LONG -> Long.toString(5_000_000_000L * r - 7);
            case STRING -> r == 0 ? "" : (r % 2 == 0 ? "a" : "\uD83D\uDE00") + (100_000 + r);
          });
    }
    if (kind == IdKind.STRING) {
      ids.sort((a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray()));
    }
    return ids;
  }

  /** A writer that holds this model. */
  ServingWriter writer(Path scratch, boolean withSeen) throws IOException {
    ServingWriter writer = new ServingWriter(scratch, info);
    for (int i = 0; i < items.rows(); i++) {
      if (info.itemIds() == IdKind.STRING) {
        writer.addItem(itemIds.get(i), degrees[i], items.rowDims(i), items.rowWeights(i));
      } else {
        long id = Long.parseLong(itemIds.get(i));
        writer.addItem(id, degrees[i], items.rowDims(i), items.rowWeights(i));
      }
    }
    for (int u = 0; u < users.rows(); u++) {
      int[] has = withSeen ? seen[u] : null;
      if (info.userIds() == IdKind.STRING) {
        writer.addUser(userIds.get(u), users.rowDims(u), users.rowWeights(u), has);
      } else {
        long id = Long.parseLong(userIds.get(u));
        writer.addUser(id, users.rowDims(u), users.rowWeights(u), has);
      }
    }
    if (info.rank() <= 2000) {
      writer.gramian(gramian());
    }
    return writer;
  }

  double[] gramian() {
    Gramian gramian = new Gramian(info.rank());
    gramian.add(items, Gramian.scratch(info.rank()));
    return gramian.toMatrix();
  }

  /** Writes the model and returns the file. */
  Path file(Path directory, WeightForm form, boolean withSeen) {
    Path file = directory.resolve("model-" + form + withSeen + ".coppice");
    try (ServingWriter writer = writer(directory, withSeen)) {
      writer.write(file, form);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  /** Product of two rows in single precision over ascending dimensions. */
  static float dot(SparseTable a, int row, SparseTable b, int other) {
    float sum = 0;
    for (int p = a.begin(row); p < a.end(row); p++) {
      for (int q = b.begin(other); q < b.end(other); q++) {
        if (a.dim(p) == b.dim(q)) {
          sum += a.weights()[p] * b.weights()[q];
        }
      }
    }
    return sum;
  }

  /** The best items for a row of a table, by plain loops; equal scores by row. */
  static List<Integer> best(SparseTable from, int row, SparseTable items, int k, int... without) {
    return IntStream.range(0, items.rows())
        .filter(i -> Arrays.stream(without).noneMatch(w -> w == i))
        .boxed()
        .sorted(
            (a, b) -> {
              int order = Float.compare(dot(from, row, items, b), dot(from, row, items, a));
              // -0 and 0 are the same score.
              boolean equal = dot(from, row, items, b) == dot(from, row, items, a);
              return equal ? Integer.compare(a, b) : order;
            })
        .limit(k)
        .toList();
  }

  /** A table with every row scaled to length 1. */
  static SparseTable unit(SparseTable table) {
    float[] weights = new float[table.stored()];
    for (int r = 0; r < table.rows(); r++) {
      double squares = 0;
      for (int p = table.begin(r); p < table.end(r); p++) {
        squares += (double) table.weights()[p] * table.weights()[p];
      }
      double length = squares > 0 ? Math.sqrt(squares) : 1;
      for (int p = table.begin(r); p < table.end(r); p++) {
        weights[p] = (float) (table.weights()[p] / length);
      }
    }
    return table.withWeights(weights);
  }
}
