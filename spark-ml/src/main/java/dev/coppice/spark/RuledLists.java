package dev.coppice.spark;

import dev.coppice.spark.rank.IdPair;
import dev.coppice.spark.rank.Predictions;
import dev.coppice.spark.rank.ScoringTables;
import dev.coppice.spark.rank.Targets;
import dev.coppice.spark.rank.TopRow;
import dev.coppice.spark.rank.TopTargets;
import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.RowTable;
import dev.coppice.spark.table.Schemas;
import dev.coppice.spark.table.TableEdits;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/** Ranks items under {@link ListRules}. */
final class RuledLists {
  /** Lists are ranked so many times deeper than they are long, to be capped. */
  private static final int DEEPER = 4;

  private static final String SCORE = "__coppice_score";

  private final ScoringTables tables;
  private final RowTable sources;
  private final RowTable items;
  private final ListRules rules;
  private final Dataset<IdPair> excluded;

  private RuledLists(ScoringTables tables, RowTable sources, ListRules rules) {
    this.tables = tables;
    this.sources = sources;
    this.rules = rules;
    RowTable kept = tables.items();
    Dataset<IdPair> left = tables.pairs(rules.seen().orElse(null));
    if (rules.allowed().isPresent()) {
      Dataset<?> allowed = rules.allowed().get();
      ListRules.require(allowed, "the allowed items", tables.itemCol());
      if (!ListRules.has(allowed, tables.userCol())) {
        kept = TableEdits.subset(kept, allowed, tables.itemCol());
      }
    }
    if (rules.denied().isPresent()) {
      Dataset<?> denied = rules.denied().get();
      ListRules.require(denied, "the denied items", tables.itemCol());
      if (ListRules.has(denied, tables.userCol())) {
        left = left == null ? tables.pairs(denied) : left.union(tables.pairs(denied));
      } else {
        kept = TableEdits.without(kept, denied, tables.itemCol());
      }
    }
    items = kept;
    excluded = left;
  }

  /**
   * Ranks.
   *
   * @param sources rows of users
   * @param k most items a user
   */
  static Dataset<TopRow> of(ScoringTables tables, RowTable sources, ListRules rules, int k) {
    if (k < 1) {
      throw new IllegalArgumentException("k is " + k + "; allowed: 1 or more");
    }
    RuledLists lists = new RuledLists(tables, sources, rules);
    return rules.caps().isEmpty() ? lists.ranked(sources, k) : lists.capped(k);
  }

  private boolean allowsPairs() {
    return rules.allowed().filter(data -> ListRules.has(data, tables.userCol())).isPresent();
  }

  private Dataset<TopRow> ranked(RowTable users, int depth) {
    return allowsPairs()
        ? amongPairs(users, depth)
        : TopTargets.best(
            users, Targets.of(items, tables.settings()), excluded, depth, false, tables.settings());
  }

  /** Ranks the items that each user is allowed: as many scores as pairs, not as items. */
  private Dataset<TopRow> amongPairs(RowTable users, int depth) {
    IdType userType = users.idType();
    IdType itemType = items.idType();
    Dataset<?> allowed = rules.allowed().get();
    String user = "__coppice_source";
    String item = "__coppice_target";
    Column isTarget = functions.col(item);
    Dataset<Row> pairs =
        allowed
            .select(
                Schemas.matchKey(allowed, tables.userCol(), userType).as(user),
                Schemas.matchKey(allowed, tables.itemCol(), itemType).as(item))
            .where(functions.col(user).isNotNull().and(isTarget.isNotNull()))
            .distinct();
    if (excluded != null) {
      pairs =
          pairs.join(
              excluded.select(
                  functions.col(userType.isString() ? "name" : "number").as(user),
                  functions.col(itemType.isString() ? "targetName" : "targetNumber").as(item)),
              new String[] {user, item},
              "left_anti");
    }
    Dataset<Row> scored =
        Predictions.predict(
            pairs, new ScoringTables(users, items, user, item, tables.settings()), SCORE, true);
    Dataset<Row> best =
        scored
            .withColumn(
                "place",
                functions
                    .row_number()
                    .over(
                        Window.partitionBy(user)
                            .orderBy(functions.col(SCORE).desc(), functions.col(item))))
            .where(functions.col("place").leq(depth))
            .groupBy(user)
            .agg(
                functions
                    .sort_array(
                        functions.collect_list(
                            functions.struct(
                                functions.col("place"), functions.col(item), functions.col(SCORE))))
                    .as("list"));
    Column key = userType.matchKey(RowTable.ID, userType);
    String empty = itemType.isString() ? "array<string>" : "array<bigint>";
    Column targets =
        functions.coalesce(functions.col("list." + item), functions.array().cast(empty));
    Column none =
        functions.array().cast(empty.contains("string") ? "array<bigint>" : "array<string>");
    return users
        .rows()
        .select(key.as(user))
        .join(best, new String[] {user}, "left")
        .select(
            userType.name(functions.col(user)).as("name"),
            userType.number(functions.col(user)).as("number"),
            (itemType.isString() ? targets : none).as("targetNames"),
            (itemType.isString() ? none : targets).as("targetNumbers"),
            functions.array().cast("array<int>").as("codes"),
            functions
                .coalesce(functions.col("list." + SCORE), functions.array().cast("array<float>"))
                .as("scores"))
        .as(Encoders.bean(TopRow.class));
  }

  /** Ranks deep enough that every list is full, or holds all that the groups allow. */
  private Dataset<TopRow> capped(int k) {
    SparkSession session = sources.rows().sparkSession();
    Groups groups = Groups.of(rules.caps(), tables);
    long all = items.size().rows();
    RowTable users = sources;
    Dataset<TopRow> done = null;
    int depth = (int) Math.min(all, Math.max(1L, (long) DEEPER * k));
    while (true) {
      int deep = depth;
      // Unpersisted by Spark when the returned Dataset is no longer reachable.
      JavaRDD<TopRow> lists =
          ranked(users, Math.max(1, deep))
              .javaRDD()
              .map(list -> groups.capped(list, k, deep))
              .persist(StorageLevel.MEMORY_AND_DISK());
      boolean last = deep >= all;
      JavaRDD<TopRow> full = lists.filter(list -> last || list.getCodes().length == 0);
      Dataset<TopRow> some = session.createDataset(full.rdd(), Encoders.bean(TopRow.class));
      done = done == null ? some : done.union(some);
      JavaRDD<TopRow> open = lists.filter(list -> list.getCodes().length > 0);
      if (last || open.isEmpty()) {
        return done;
      }
      IdType type = sources.idType();
      Dataset<Row> left =
          session
              .createDataset(open.rdd(), Encoders.bean(TopRow.class))
              .select(functions.col(type.isString() ? "name" : "number").as(RowTable.ID));
      users = TableEdits.subset(users, left, RowTable.ID);
      depth = (int) Math.min(all, (long) DEEPER * depth);
    }
  }

  /**
   * The groups of items, by the text of their ids.
   *
   * @param most of a group in a list, by group
   */
  private record Groups(Broadcast<String[]> ids, Broadcast<int[][]> groups, int[] most)
      implements Serializable {

    static Groups of(List<ListRules.Cap> caps, ScoringTables tables) {
      List<Integer> most = new ArrayList<>();
      Map<String, List<Integer>> byItem = new TreeMap<>();
      for (ListRules.Cap cap : caps) {
        Map<String, Integer> numbers = new HashMap<>();
        Dataset<Row> rows =
            cap.groups() == null
                ? dimensions(tables)
                : given(cap, tables.itemCol(), tables.items().idType());
        rows.where(functions.col("item").isNotNull().and(functions.col("group").isNotNull()))
            .distinct()
            .collectAsList()
            .forEach(
                row -> {
                  int number =
                      numbers.computeIfAbsent(
                          row.getString(1),
                          g -> {
                            most.add(cap.most());
                            return most.size() - 1;
                          });
                  byItem.computeIfAbsent(row.getString(0), i -> new ArrayList<>()).add(number);
                });
        if (cap.groups() == null && numbers.isEmpty()) {
          throw new IllegalArgumentException(
              "at most "
                  + cap.most()
                  + " items of a dimension are asked for, and no item of the model has latent"
                  + " weights. Cap groups of your own (atMost), or train family latent or hybrid.");
        }
      }
      JavaSparkContext context =
          JavaSparkContext.fromSparkContext(tables.items().rows().sparkSession().sparkContext());
      return new Groups(
          context.broadcast(byItem.keySet().toArray(String[]::new)),
          context.broadcast(
              byItem.values().stream()
                  .map(list -> list.stream().mapToInt(i -> i).toArray())
                  .toArray(int[][]::new)),
          most.stream().mapToInt(i -> i).toArray());
    }

    private static Dataset<Row> given(ListRules.Cap cap, String itemCol, IdType type) {
      Dataset<?> data = cap.groups();
      ListRules.require(data, "the groups", itemCol);
      ListRules.require(data, "the groups", cap.groupCol());
      return data.select(
          Schemas.matchKey(data, itemCol, type).cast("string").as("item"),
          functions.col(Schemas.quoted(cap.groupCol())).cast("string").as("group"));
    }

    /** The dimension of each item's largest weight; null for an item without weights. */
    private static Dataset<Row> dimensions(ScoringTables tables) {
      IdType type = tables.items().idType();
      Column sizes = functions.transform(functions.col(RowTable.WEIGHTS), functions::abs);
      Column place = functions.array_position(sizes, functions.array_max(sizes)).cast("int");
      Column dimension =
          functions.when(
              functions.size(sizes).gt(0),
              functions.element_at(functions.col(RowTable.DIMS), place));
      return tables
          .items()
          .rows()
          .select(
              type.matchKey(RowTable.ID, type).cast("string").as("item"),
              dimension.cast("string").as("group"));
    }

    /**
     * The best items of a list whose groups are not full.
     *
     * @return a list that has codes if it is neither full nor all there is
     */
    TopRow capped(TopRow list, int k, int depth) {
      boolean strings = list.getTargetNames().length > 0;
      int length = list.getScores().length;
      Map<Integer, Integer> taken = new HashMap<>();
      int[] kept = new int[Math.min(k, length)];
      int count = 0;
      for (int j = 0; j < length && count < k; j++) {
        int[] mine =
            groups(strings ? list.getTargetNames()[j] : Long.toString(list.getTargetNumbers()[j]));
        if (Arrays.stream(mine).allMatch(group -> taken.getOrDefault(group, 0) < most[group])) {
          Arrays.stream(mine).forEach(group -> taken.merge(group, 1, Integer::sum));
          kept[count++] = j;
        }
      }
      int[] places = Arrays.copyOf(kept, count);
      TopRow capped = new TopRow();
      capped.setName(list.getName());
      capped.setNumber(list.getNumber());
      float[] scores = new float[count];
      for (int j = 0; j < count; j++) {
        scores[j] = list.getScores()[places[j]];
      }
      capped.setScores(scores);
      if (strings) {
        capped.setTargetNames(
            Arrays.stream(places).mapToObj(j -> list.getTargetNames()[j]).toArray(String[]::new));
      } else {
        capped.setTargetNumbers(
            Arrays.stream(places).mapToLong(j -> list.getTargetNumbers()[j]).toArray());
      }
      capped.setCodes(count < k && length >= depth ? new int[1] : new int[0]);
      return capped;
    }

    private int[] groups(String item) {
      int at = Arrays.binarySearch(ids.value(), item);
      return at < 0 ? new int[0] : groups.value()[at];
    }
  }
}
