package dev.coppice.spark.eval;

import dev.coppice.core.eval.BootstrapAccumulator;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.eval.MetricsAccumulator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one partition's users add to an {@link EvaluationBreakdown}; merging is exact. */
public final class PartialBreakdown {
  /** Users are told apart by powers of two of their training items: none, 1, 2-3, 4-7, ... */
  private static final int BANDS = Integer.SIZE;

  private static final String[] CLASSES = {"head", "middle", "tail"};

  /** Counts kept of a class of items: wanted; found and places; the baseline's of these two. */
  private static final int COUNTS = 5;

  final BootstrapAccumulator model;
  final BootstrapAccumulator popularity;
  // [0, BANDS) by activity, then by group.
  final MetricsAccumulator[] slices;
  final MetricsAccumulator[] popularitySlices;
  final long[] items = new long[CLASSES.length * COUNTS];

  /** For serialisation. */
  PartialBreakdown() {
    this(0, 0, 0);
  }

  PartialBreakdown(int metrics, int resamples, int groups) {
    model = new BootstrapAccumulator(resamples, metrics);
    popularity = new BootstrapAccumulator(resamples, metrics);
    slices = new MetricsAccumulator[BANDS + groups];
    popularitySlices = new MetricsAccumulator[BANDS + groups];
    for (int s = 0; s < slices.length; s++) {
      slices[s] = new MetricsAccumulator(metrics);
      popularitySlices[s] = new MetricsAccumulator(metrics);
    }
  }

  PartialBreakdown merge(PartialBreakdown other) {
    model.merge(other.model);
    popularity.merge(other.popularity);
    for (int s = 0; s < slices.length; s++) {
      slices[s].merge(other.slices[s]);
      popularitySlices[s].merge(other.popularitySlices[s]);
    }
    for (int c = 0; c < items.length; c++) {
      items[c] += other.items[c];
    }
    return this;
  }

  /**
   * Adds one user.
   *
   * @param values of the model's metrics, or of the baseline's
   * @param baseline which of the two
   * @param seed of the resampling
   * @param user tells users apart
   * @param seen number of training items
   * @param group number of the user's; negative for none
   */
  void add(double[] values, boolean baseline, long seed, long user, int seen, int group) {
    (baseline ? popularity : model).add(values, seed, user);
    MetricsAccumulator[] mine = baseline ? popularitySlices : slices;
    // At most 31: a number of items is not negative.
    mine[Integer.SIZE - Integer.numberOfLeadingZeros(seen)].add(values);
    if (group >= 0) {
      mine[BANDS + group].add(values);
    }
  }

  /**
   * Counts by class of items.
   *
   * @param list the items of a list, the first {@code count}
   * @param test the user's test items, ascending
   * @param classes of items by code
   * @param baseline whether the list is the baseline's; test items are counted with the model's
   */
  void addItems(int[] list, int count, int[] test, byte[] classes, boolean baseline) {
    for (int j = 0; j < count; j++) {
      int at = classes[list[j]] * COUNTS + (baseline ? 3 : 1);
      items[at + 1]++;
      if (Arrays.binarySearch(test, list[j]) >= 0) {
        items[at]++;
      }
    }
    if (!baseline) {
      for (int item : test) {
        if (item < classes.length) {
          items[classes[item] * COUNTS]++;
        }
      }
    }
  }

  /** The class of each item: 0 for the head, 1 for the middle, 2 for the tail. */
  static byte[] classes(int[] degrees) {
    Integer[] order = new Integer[degrees.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        Comparator.comparingInt((Integer i) -> -degrees[i]).thenComparingInt(Integer::intValue));
    long all = Arrays.stream(degrees).asLongStream().sum();
    byte[] classes = new byte[degrees.length];
    long before = 0;
    for (int item : order) {
      // By what is before it: the most popular item is in the head, whatever its share.
      classes[item] =
          (byte) (degrees[item] == 0 ? 2 : Math.min(2, CLASSES.length * before / Math.max(1, all)));
      before += degrees[item];
    }
    return classes;
  }

  EvaluationBreakdown result(
      List<MetricKey> keys, List<String> groups, int[] degrees, boolean baseline) {
    List<EvaluationBreakdown.UserSlice> activity = new ArrayList<>();
    for (int band = 0; band < BANDS; band++) {
      if (slices[band].users() > 0) {
        long from = band == 0 ? 0 : 1L << (band - 1);
        long to = band == 0 ? 0 : (1L << band) - 1;
        activity.add(slice(band, from == to ? "" + from : from + "-" + to, keys, baseline));
      }
    }
    List<EvaluationBreakdown.UserSlice> byGroup = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      byGroup.add(slice(BANDS + g, groups.get(g), keys, baseline));
    }
    return new EvaluationBreakdown(
        resampled(model, keys),
        baseline ? resampled(popularity, keys) : Map.of(),
        List.copyOf(activity),
        List.copyOf(byGroup),
        itemSlices(degrees));
  }

  private EvaluationBreakdown.UserSlice slice(
      int slice, String name, List<MetricKey> keys, boolean baseline) {
    return new EvaluationBreakdown.UserSlice(
        name,
        slices[slice].users(),
        slices[slice].means(keys),
        baseline ? popularitySlices[slice].means(keys) : Map.of());
  }

  private static Map<MetricKey, double[]> resampled(
      BootstrapAccumulator sums, List<MetricKey> keys) {
    Map<MetricKey, double[]> means = new LinkedHashMap<>();
    for (int m = 0; m < keys.size(); m++) {
      means.put(keys.get(m), sums.means(m));
    }
    return means;
  }

  private List<EvaluationBreakdown.ItemSlice> itemSlices(int[] degrees) {
    byte[] classes = classes(degrees);
    long[] count = new long[CLASSES.length];
    long[] most = new long[CLASSES.length];
    long[] least = new long[CLASSES.length];
    Arrays.fill(least, Long.MAX_VALUE);
    for (int item = 0; item < degrees.length; item++) {
      int c = classes[item];
      count[c]++;
      most[c] = Math.max(most[c], degrees[item]);
      least[c] = Math.min(least[c], degrees[item]);
    }
    List<EvaluationBreakdown.ItemSlice> slices = new ArrayList<>();
    for (int c = 0; c < CLASSES.length; c++) {
      if (count[c] > 0) {
        int at = c * COUNTS;
        slices.add(
            new EvaluationBreakdown.ItemSlice(
                CLASSES[c],
                count[c],
                least[c],
                most[c],
                items[at],
                items[at + 1],
                items[at + 3],
                items[at + 2],
                items[at + 4]));
      }
    }
    return List.copyOf(slices);
  }
}
