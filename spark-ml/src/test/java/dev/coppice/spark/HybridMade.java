package dev.coppice.spark;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.ModelInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The tables of a {@link HandMade}, or none of their weights, with links: an item's to other items
 * with weights, a user's to the items of a random history without.
 */
final class HybridMade {
  final HandMade latent;
  private final boolean withLatent;
  private final List<SortedMap<Integer, Float>> userLinks = new ArrayList<>();
  private final List<SortedMap<Integer, Float>> itemLinks = new ArrayList<>();

  HybridMade(IdType ids, int users, int items, long seed, boolean withLatent) {
    latent = new HandMade(ids, users, items, seed);
    this.withLatent = withLatent;
    for (int u = 0; u < users; u++) {
      // User 4 has everything, every seventh nothing.
      int count = u == 4 ? 8 * items : u % 7 == 6 ? 0 : 5;
      SortedMap<Integer, Float> row = new TreeMap<>();
      for (int n = 0; n < count; n++) {
        row.put(code(SeedStream.below(items, seed, Purpose.SHUFFLE, u, n)), 1f);
      }
      userLinks.add(row);
    }
    for (int i = 0; i < items; i++) {
      SortedMap<Integer, Float> row = new TreeMap<>();
      for (int n = 0; n < i % 5; n++) {
        int other = SeedStream.below(items, seed + 1, Purpose.SHUFFLE, i, n);
        // Few values, some of them negative, that do not add up exactly.
        row.put(code(other), (SeedStream.below(6, seed + 1, Purpose.SAMPLE, i, n) - 2) * 0.37f);
      }
      itemLinks.add(row);
    }
  }

  /** The code of an item: up to the largest, and not in the order of ids. */
  static int code(int item) {
    return item % 2 == 0 ? Integer.MAX_VALUE - 3 * item : 5 * item;
  }

  /** The score of a pair, by plain loops. */
  float score(int user, int item) {
    float product = withLatent ? HandMade.dot(latent.users[user], latent.items[item]) : 0f;
    return product + linked(userLinks.get(user), item);
  }

  /** The linked part of an item's score for somebody with these links. */
  float linked(SortedMap<Integer, Float> links, int item) {
    float sum = 0;
    for (int key : links.keySet()) {
      Float weight = itemLinks.get(item).get(key);
      if (weight != null) {
        sum += links.get(key) * weight;
      }
    }
    return sum;
  }

  /** The weights of neighbours, by the id of an item and that of its neighbour. */
  Map<List<Object>, Float> neighbours() {
    Map<List<Object>, Float> weights = new HashMap<>();
    for (int i = 0; i < itemLinks.size(); i++) {
      for (int other = 0; other < itemLinks.size(); other++) {
        Float weight = itemLinks.get(i).get(code(other));
        if (weight != null) {
          weights.put(List.of(latent.itemId(i), latent.itemId(other)), weight);
        }
      }
    }
    return weights;
  }

  /** The best items of user u that are not excluded. */
  List<Integer> ranking(int u, int k, Set<List<Integer>> seen) {
    return latent.itemOrder().stream()
        .filter(i -> !seen.contains(List.of(u, i)))
        .sorted(Comparator.comparing((Integer i) -> -score(u, i)))
        .limit(k)
        .toList();
  }

  /** The best users of item i that are not excluded. */
  List<Integer> userRanking(int i, int k, Set<List<Integer>> seen) {
    return latent.userOrder().stream()
        .filter(u -> !seen.contains(List.of(u, i)))
        .sorted(Comparator.comparing((Integer u) -> -score(u, i)))
        .limit(k)
        .toList();
  }

  DynamicSparseALSModel model(int partitions) {
    DynamicSparseALSModel plain = latent.model(1);
    return new DynamicSparseALSModel(
            "als_test",
            ModelInfo.of(HandMade.RANK, AlsObjective.implicit(0.1, 0.01, 1, 0, 0)),
            rows(plain.userRows(), userLinks, false).repartition(partitions),
            rows(plain.itemRows(), itemLinks, true).repartition(partitions))
        .setUserCol("u")
        .setItemCol("i");
  }

  private Dataset<Row> rows(
      Dataset<Row> table, List<SortedMap<Integer, Float>> links, boolean items) {
    StructType schema =
        new StructType()
            .add(table.schema().apply("id"))
            .add("dims", DataTypes.createArrayType(DataTypes.ShortType, false), false)
            .add("weights", DataTypes.createArrayType(DataTypes.FloatType, false), false)
            .add("links", DataTypes.createArrayType(DataTypes.IntegerType, false), true);
    if (items) {
      schema =
          schema
              .add("linkWeights", DataTypes.createArrayType(DataTypes.FloatType, false), true)
              .add("code", DataTypes.IntegerType, true);
    }
    List<Row> rows = new ArrayList<>();
    List<Row> given = table.sort("id").collectAsList();
    List<Integer> order = items ? latent.itemOrder() : latent.userOrder();
    for (int place = 0; place < given.size(); place++) {
      int index = order.get(place);
      Row row = given.get(place);
      SortedMap<Integer, Float> own = links.get(index);
      List<Object> values = new ArrayList<>();
      values.add(row.get(0));
      values.add(withLatent ? row.get(1) : new short[0]);
      values.add(withLatent ? row.get(2) : new float[0]);
      // No links are an empty array in some rows, null in others.
      boolean none = own.isEmpty() && index % 2 == 0;
      values.add(none ? null : own.keySet().toArray());
      if (items) {
        values.add(none ? null : own.values().toArray());
        values.add(code(index));
      }
      rows.add(RowFactory.create(values.toArray()));
    }
    return TestSpark.session().createDataFrame(rows, schema);
  }
}
