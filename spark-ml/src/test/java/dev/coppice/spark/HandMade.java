package dev.coppice.spark;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.ModelInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Two small random tables, and rankings by plain loops. User u has the id {@link #userId}, and so
 * on; ids ascend with the index.
 */
public final class HandMade {
  /** Width of the rows. */
  public static final int RANK = 9;

  final IdType ids;
  final float[][] users;
  final float[][] items;

  /** Random tables; some rows are empty. */
  public HandMade(IdType ids, int users, int items, long seed) {
    this.ids = ids;
    this.users = table(users, seed);
    this.items = table(items, seed + 1);
  }

  private static float[][] table(int rows, long seed) {
    float[][] table = new float[rows][RANK];
    for (int r = 0; r < rows; r++) {
      for (int d = 0; d < RANK; d++) {
        // Few values, so that ties are common.
        boolean stored = r % 11 != 5 && SeedStream.below(3, seed, Purpose.SAMPLE, r, d) == 0;
        table[r][d] = stored ? (SeedStream.below(5, seed, Purpose.SHUFFLE, r, d) - 2) * 0.37f : 0f;
      }
    }
    return table;
  }

  /** Returns the id of user u. */
  public Object userId(int u) {
    return id(1000, u);
  }

  /** Returns the id of item i. */
  public Object itemId(int i) {
    return id(-7, i);
  }

  private Object id(int first, int index) {
    return switch (ids) {
      case INT -> first + 3 * index;
      case LONG -> first + 3_000_000_000L * index;
      // Spark orders by code point: the emoji comes after the full-width letter, in Java before.
      case STRING -> (index % 2 == 0 ? "\uFF21" : "\uD83D\uDE00") + String.format("%04d,\"", index);
    };
  }

  /** Returns item indices in the order of their ids. */
  List<Integer> itemOrder() {
    return order(items.length);
  }

  /** Returns user indices in the order of their ids. */
  List<Integer> userOrder() {
    return order(users.length);
  }

  private List<Integer> order(int rows) {
    Comparator<Integer> order =
        ids == IdType.STRING
            ? Comparator.comparing((Integer i) -> i % 2).thenComparing(i -> i)
            : Comparator.naturalOrder();
    return IntStream.range(0, rows).boxed().sorted(order).toList();
  }

  /** Returns the model, its tables in so many partitions. */
  public DynamicSparseALSModel model(int partitions) {
    return new DynamicSparseALSModel(
            "als_test",
            ModelInfo.of(RANK, AlsObjective.implicit(0.1, 0.01, 1, 0, 0)),
            rows(users, true).repartition(partitions),
            rows(items, false).repartition(partitions))
        .setUserCol("u")
        .setItemCol("i");
  }

  private Dataset<Row> rows(float[][] table, boolean user) {
    StructType schema =
        new StructType()
            .add("id", ids.sqlType(), false)
            .add("dims", DataTypes.createArrayType(DataTypes.ShortType, false), false)
            .add("weights", DataTypes.createArrayType(DataTypes.FloatType, false), false);
    List<Row> rows = new ArrayList<>();
    for (int r = 0; r < table.length; r++) {
      int row = r;
      int[] stored = IntStream.range(0, RANK).filter(d -> table[row][d] != 0).toArray();
      short[] dims = new short[stored.length];
      float[] weights = new float[stored.length];
      for (int p = 0; p < stored.length; p++) {
        dims[p] = (short) stored[p];
        weights[p] = table[r][stored[p]];
      }
      rows.add(RowFactory.create(user ? userId(r) : itemId(r), dims, weights));
    }
    return TestSpark.session().createDataFrame(rows, schema);
  }

  /** Returns pairs as a Dataset of columns {@code u}, {@code i}. */
  public Dataset<Row> pairs(Set<List<Integer>> pairs) {
    StructType schema =
        new StructType().add("u", ids.sqlType(), true).add("i", ids.sqlType(), true);
    List<Row> rows = new ArrayList<>();
    pairs.stream()
        .sorted(Comparator.comparing(Object::toString))
        .forEach(pair -> rows.add(RowFactory.create(userId(pair.get(0)), itemId(pair.get(1)))));
    return TestSpark.session().createDataFrame(rows, schema);
  }

  /** Returns random pairs of known ids. */
  public Set<List<Integer>> randomPairs(int count, long seed) {
    Set<List<Integer>> pairs = new HashSet<>();
    for (int n = 0; n < count; n++) {
      pairs.add(
          List.of(
              SeedStream.below(users.length, seed, Purpose.SPLIT, n, 0),
              SeedStream.below(items.length, seed, Purpose.SPLIT, n, 1)));
    }
    return pairs;
  }

  /** Returns the product of two rows, in single precision over ascending dimensions. */
  public static float dot(float[] a, float[] b) {
    float sum = 0;
    for (int d = 0; d < a.length; d++) {
      if (a[d] != 0 && b[d] != 0) {
        sum += a[d] * b[d];
      }
    }
    return sum;
  }

  /** Returns the indices of the best items of user u that are not excluded. */
  public List<Integer> ranking(int u, int k, Set<List<Integer>> seen) {
    return itemOrder().stream()
        .filter(i -> !seen.contains(List.of(u, i)))
        .sorted(Comparator.comparing((Integer i) -> -dot(users[u], items[i])))
        .limit(k)
        .toList();
  }
}
