package dev.coppice.data.prepare;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.spark_partition_id;

import dev.coppice.core.error.BadInputException;
import dev.coppice.data.CanonicalDataset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * The ids of users and items and their provisional indices: first those of an earlier data set, as
 * they were, then the new ones by ascending id (bytes of UTF-8), so that the indices depend on the
 * set of ids alone.
 */
final class Dictionary {
  /** Kind of a user. */
  static final int USER = 0;

  /** Kind of an item. */
  static final int ITEM = 1;

  /** Dictionaries up to this many bytes are sent to every executor rather than shuffled. */
  private static final long BROADCAST_BYTES = 32L << 20;

  private static final StructType NUMBERED =
      new StructType()
          .add("kind", DataTypes.IntegerType, false)
          .add("id", DataTypes.StringType, false)
          .add("index", DataTypes.IntegerType, false);

  private final Dataset<Row> sorted;
  private final Dataset<Row> numbered;
  private final long[] previousCount;
  private final long[] count = new long[2];
  private final long[] bytes = new long[2];

  private Dictionary(Dataset<Row> sorted, long[] previousCount) {
    this.sorted = sorted;
    this.previousCount = previousCount;
    this.numbered = sorted.mapPartitions(new NumberIds(countPartitions()), Encoders.row(NUMBERED));
  }

  /**
   * Collects the ids of {@code rows}, columns {@code user} and {@code item}.
   *
   * @param tasks partitions of the dictionary
   * @throws BadInputException if there are more than an int can count
   */
  static Dictionary of(
      SparkSession spark, Dataset<Row> rows, int tasks, Optional<CanonicalDataset> previous) {
    Dataset<Row> ids =
        rows.select(lit(USER).as("kind"), col("user").as("id"))
            .union(rows.select(lit(ITEM).as("kind"), col("item").as("id")))
            .distinct();
    long[] counts = new long[2];
    Dataset<Row> known = ids.withColumn("known", lit(null).cast("int"));
    if (previous.isPresent()) {
      counts[USER] = previous.get().manifest().users();
      counts[ITEM] = previous.get().manifest().items();
      Dataset<Row> old =
          previous
              .get()
              .users()
              .select(lit(USER).as("kind"), col("id"), col("index").as("known"))
              .union(
                  previous
                      .get()
                      .items()
                      .select(lit(ITEM).as("kind"), col("id"), col("index").as("known")));
      known =
          ids.join(old, new String[] {"kind", "id"}, "full_outer").select("kind", "id", "known");
    }
    Dataset<Row> sorted =
        known
            .repartitionByRange(tasks, col("kind"), col("id"))
            .sortWithinPartitions("kind", "id")
            .withColumn("partition", spark_partition_id())
            .persist(StorageLevel.MEMORY_AND_DISK());
    return new Dictionary(sorted, counts);
  }

  /** The first index of the new ids of each kind, by partition; fills the counts. */
  private Map<Integer, long[]> countPartitions() {
    List<Row> rows =
        sorted
            .groupBy("partition", "kind")
            .agg(
                expr("count(*)"), expr("count(known)"), expr("sum(cast(octet_length(id) as long))"))
            .collectAsList();
    Map<Integer, long[]> first = new HashMap<>();
    long[] next = previousCount.clone();
    rows.stream()
        .sorted(Comparator.comparingInt((Row row) -> row.getInt(0)))
        .forEach(
            row -> {
              int kind = row.getInt(1);
              first.computeIfAbsent(row.getInt(0), partition -> new long[2])[kind] = next[kind];
              next[kind] += row.getLong(2) - row.getLong(3);
              bytes[kind] += row.getLong(4) + 32 * row.getLong(2);
            });
    System.arraycopy(next, 0, count, 0, 2);
    for (int kind = 0; kind < 2; kind++) {
      if (next[kind] > Integer.MAX_VALUE - 8) {
        throw new BadInputException(
            next[kind]
                + (kind == USER ? " users" : " items")
                + " are more than the "
                + (Integer.MAX_VALUE - 8)
                + " that indices of 32 bits can number.");
      }
    }
    return first;
  }

  /** Number of ids of a kind. */
  int count(int kind) {
    return Math.toIntExact(count[kind]);
  }

  /** Number of ids of a kind that the earlier data set had; their indices are the first. */
  int previousCount(int kind) {
    return Math.toIntExact(previousCount[kind]);
  }

  /** Columns {@code id} and {@code index} of a kind, small ones marked to be broadcast. */
  private Dataset<Row> lookup(int kind) {
    Dataset<Row> ids = ids(kind);
    return bytes[kind] <= BROADCAST_BYTES ? broadcast(ids) : ids;
  }

  private Dataset<Row> ids(int kind) {
    return numbered.where(col("kind").equalTo(kind)).select("id", "index");
  }

  /** Adds {@code userIndex} and {@code itemIndex} to rows of {@code user} and {@code item}. */
  Dataset<Row> encode(Dataset<Row> rows) {
    return join(join(rows, "user", USER), "item", ITEM);
  }

  private Dataset<Row> join(Dataset<Row> rows, String column, int kind) {
    Dataset<Row> ids =
        lookup(kind).select(col("id").as(column + "Id"), col("index").as(column + "Index"));
    return rows.join(ids, rows.col(column).equalTo(ids.col(column + "Id"))).drop(column + "Id");
  }

  /** The ids of a few users or items, by index. */
  Map<Integer, String> names(int kind, List<Integer> indices) {
    Map<Integer, String> names = new HashMap<>();
    ids(kind)
        .where(col("index").isin(indices.toArray()))
        .collectAsList()
        .forEach(row -> names.put(row.getInt(1), row.getString(0)));
    return names;
  }

  /** The final dictionary of a kind; {@code numbers} tells which ids stay, null for all. */
  Dataset<Row> finished(int kind, Broadcast<IndexSets> numbers) {
    Dataset<Row> all = ids(kind).select("index", "id");
    if (numbers == null) {
      return all;
    }
    return all.filter(new Stays(kind, numbers))
        .map(new Renumber(kind, numbers), Encoders.row(CanonicalDataset.DICTIONARY));
  }

  /** The set of one kind. */
  static IndexSet ofKind(IndexSets sets, int kind) {
    return kind == USER ? sets.users() : sets.items();
  }

  /** Frees the cached ids. */
  void close() {
    sorted.unpersist();
  }

  private static final class Stays implements FilterFunction<Row> {
    private static final long serialVersionUID = 1L;

    private final int kind;
    private final Broadcast<IndexSets> numbers;

    Stays(int kind, Broadcast<IndexSets> numbers) {
      this.kind = kind;
      this.numbers = numbers;
    }

    @Override
    public boolean call(Row row) {
      return ofKind(numbers.value(), kind).contains(row.getInt(0));
    }
  }

  private static final class Renumber implements MapFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    private final int kind;
    private final Broadcast<IndexSets> numbers;

    Renumber(int kind, Broadcast<IndexSets> numbers) {
      this.kind = kind;
      this.numbers = numbers;
    }

    @Override
    public Row call(Row row) {
      return RowFactory.create(ofKind(numbers.value(), kind).rank(row.getInt(0)), row.getString(1));
    }
  }

  /** Numbers the new ids of a partition; rows of (kind, id, known, partition). */
  private static final class NumberIds implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    private final HashMap<Integer, long[]> first;

    NumberIds(Map<Integer, long[]> first) {
      this.first = new HashMap<>(first);
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
      return new Iterator<>() {
        private long[] next;

        @Override
        public boolean hasNext() {
          return rows.hasNext();
        }

        @Override
        public Row next() {
          Row row = rows.next();
          if (next == null) {
            next = first.get(row.getInt(3)).clone();
          }
          int kind = row.getInt(0);
          int index = row.isNullAt(2) ? (int) next[kind]++ : row.getInt(2);
          return RowFactory.create(kind, row.getString(1), index);
        }
      };
    }
  }
}
