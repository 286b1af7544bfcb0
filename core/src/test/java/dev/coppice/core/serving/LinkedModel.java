package dev.coppice.core.serving;

import dev.coppice.core.table.SparseTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** The tables of a {@link SmallModel} with neighbours and histories, and scores by plain loops. */
final class LinkedModel {
  final SmallModel latent;
  final ServingInfo info;
  final int[] codes;
  final List<Map<Integer, Float>> neighbours = new ArrayList<>();
  final int[][] histories;
  private float largest;

  /**
   * Random links: every fifth item has no neighbour, one item is a neighbour of all others; user 0
   * has everything, every fourth nothing.
   *
   * @param density of the latent rows; 0 for a model of items alone
   * @param code of an item; -1 for none
   */
  LinkedModel(
      IdKind ids,
      int rank,
      int users,
      int items,
      double density,
      long seed,
      IntUnaryOperator code) {
    latent = new SmallModel(ids, rank, users, items, density, seed);
    ServingInfo plain = latent.info;
    info =
        new ServingInfo(
            plain.rank(),
            plain.density(),
            plain.objective(),
            plain.confidenceScale(),
            plain.meanItemDegree(),
            plain.userIds(),
            plain.itemIds(),
            plain.fingerprint(),
            true,
            plain.labels());
    Random random = new Random(seed + 1);
    codes = IntStream.range(0, items).map(code).toArray();
    for (int i = 0; i < items; i++) {
      Map<Integer, Float> row = new TreeMap<>();
      for (int n = 0; i % 5 != 4 && n < 1 + i % 9; n++) {
        put(row, codes[random.nextInt(items)], random);
      }
      put(row, codes[items / 2], random);
      if (i % 5 == 4) {
        row.clear();
      }
      neighbours.add(row);
      largest = Math.max(largest, largest(row.values()));
    }
    histories = new int[users][];
    for (int u = 0; u < users; u++) {
      int user = u;
      histories[u] =
          IntStream.range(0, items)
              .filter(i -> user == 0 || (user % 4 != 3 && random.nextInt(items) < 20))
              .map(i -> codes[i])
              .filter(c -> c >= 0)
              .sorted()
              .toArray();
    }
  }

  private static void put(Map<Integer, Float> row, int code, Random random) {
    if (code >= 0) {
      // Few values, some of them negative, that do not add up exactly.
      row.put(code, (random.nextInt(6) - 2) * 0.37f);
    }
  }

  private static float largest(Collection<Float> weights) {
    return (float) weights.stream().mapToDouble(Math::abs).max().orElse(0);
  }

  /** Weights that are rounded as the file rounds them. */
  float rounded(float weight, WeightForm form) {
    return WeightCodec.of(form, largest).stored(weight);
  }

  /** The linked part of a score: over ascending codes, from 0. */
  float linked(int[] history, int item, WeightForm form) {
    float sum = 0;
    for (Map.Entry<Integer, Float> entry : neighbours.get(item).entrySet()) {
      if (Arrays.binarySearch(history, entry.getKey()) >= 0) {
        sum += rounded(entry.getValue(), form);
      }
    }
    return sum;
  }

  /** Scores of all items for a row of a table and a history. */
  float[] scores(SparseTable rows, int row, SparseTable items, int[] history, WeightForm form) {
    float[] scores = new float[items.rows()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = SmallModel.dot(rows, row, items, i) + linked(history, i, form);
    }
    return scores;
  }

  /** Items by descending score, equal ones by row. */
  static List<Integer> best(float[] scores, int k, int... without) {
    return IntStream.range(0, scores.length)
        .filter(i -> Arrays.stream(without).noneMatch(w -> w == i))
        .boxed()
        .sorted(
            (a, b) ->
                scores[a] == scores[b]
                    ? Integer.compare(a, b)
                    : Float.compare(scores[b], scores[a]))
        .limit(k)
        .toList();
  }

  Neighbours of(int item) {
    Map<Integer, Float> row = neighbours.get(item);
    float[] weights = new float[row.size()];
    int at = 0;
    for (float weight : row.values()) {
      weights[at++] = weight;
    }
    return new Neighbours(
        codes[item], row.keySet().stream().mapToInt(code -> code).toArray(), weights);
  }

  /** A writer that holds this model, and so many neighbours at once. */
  ServingWriter writer(Path scratch, int most) throws IOException {
    ServingWriter writer = new ServingWriter(scratch, info, most);
    SparseTable items = latent.items;
    boolean strings = info.itemIds() == IdKind.STRING;
    for (int i = 0; i < items.rows(); i++) {
      String id = latent.itemIds.get(i);
      if (strings) {
        writer.addItem(id, latent.degrees[i], items.rowDims(i), items.rowWeights(i), of(i));
      } else {
        writer.addItem(
            Long.parseLong(id), latent.degrees[i], items.rowDims(i), items.rowWeights(i), of(i));
      }
    }
    SparseTable users = latent.users;
    for (int u = 0; u < users.rows(); u++) {
      String id = latent.userIds.get(u);
      int[] seen = latent.seen[u];
      if (strings) {
        writer.addUser(id, users.rowDims(u), users.rowWeights(u), seen, histories[u]);
      } else {
        writer.addUser(
            Long.parseLong(id), users.rowDims(u), users.rowWeights(u), seen, histories[u]);
      }
    }
    if (items.stored() > 0) {
      writer.gramian(latent.gramian());
    }
    return writer;
  }

  /** Writes the model and returns the file. */
  Path file(Path directory, WeightForm form) {
    Path file = directory.resolve("linked-" + form + ".coppice");
    try (ServingWriter writer = writer(directory, 1 << 20)) {
      writer.write(file, form);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }
}
