package dev.coppice.data.prepare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import dev.coppice.core.util.Utf8Order;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Part;
import dev.coppice.data.read.SplitOffsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * All that follows the reading, done by one task in its memory: numbering ids, settling duplicates,
 * filtering and splitting. For inputs so small that Spark takes longer to plan and to start the
 * steps, and every round of the filter, than the steps take. What comes out is the same to the bit.
 *
 * <p>What is to be refused is refused by the general way, which can say which rows it is about.
 */
final class SmallInput implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  /** Bytes of the ids of an input up to which it is small; its rows are limited as a data set's. */
  private static final long MOST_BYTES = 16L << 20;

  /** Stands in the column {@code part} for a user and an item of the earlier data set. */
  private static final byte EARLIER_USER = -1;

  private static final byte EARLIER_ITEM = -2;

  /** Kinds of rows that come out; those of the dictionaries are {@link Dictionary}'s. */
  private static final int INTERACTION = 2;

  private static final int PAIRS = 3;
  private static final int LEFT = 4;
  private static final int IDS = 5;
  private static final int FINGERPRINT = 6;

  /**
   * What comes out: interactions as {@link Encoded#ROWS} have them; ids with their index in {@code
   * user}; for each code of {@link Encoded} the number of its pairs in {@code pos} and the most
   * rows behind one of them in {@code item}; for each part the number of its interactions in {@code
   * pos}; the size of each dictionary likewise; and the fingerprint in {@code id}.
   */
  private static final StructType FOUND =
      Encoded.ROWS.add("kind", DataTypes.IntegerType, false).add("id", DataTypes.StringType);

  private static final int KIND = 8;
  private static final int ID = 9;

  /** The order in which {@link MergePairs} takes rows; Spark puts nulls first, and so does this. */
  private static final Comparator<Row> ORDER =
      Comparator.<Row>comparingInt(Encoded::user)
          .thenComparingInt(Encoded::item)
          .thenComparingInt(Encoded::part)
          .thenComparing(Encoded::time, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparingLong(Encoded::pos)
          // Adding 0 makes one of the two zeros.
          .thenComparingDouble(row -> Encoded.weight(row) + 0.0)
          .thenComparing(Encoded::group, Comparator.nullsFirst(Utf8Order.INSTANCE));

  private final HashMap<String, Integer> ordinals;
  private final boolean oneSplit;
  private final MergePairs merge;
  private final AssignParts assign;
  private final boolean hasCore;
  private final int minUser;
  private final int minItem;

  private SmallInput(InputReport report, PrepareSettings settings) {
    ordinals = new HashMap<>();
    for (SplitOffsets.Split split : report.splits()) {
      ordinals.put(place(split.file(), split.start()), ordinals.size());
    }
    oneSplit = report.splits().size() == 1;
    merge = new MergePairs(settings.duplicates(), settings.minWeight());
    assign = new AssignParts(settings.test(), settings.validation(), settings.seed(), null, null);
    hasCore = settings.hasCore();
    minUser = settings.minUserInteractions();
    minItem = settings.minItemInteractions();
  }

  /** Whether an input is small. */
  static boolean is(InputReport report, Optional<CanonicalDataset> previous) {
    long earlier =
        previous.map(data -> data.manifest().users() + data.manifest().items()).orElse(0L);
    return report.goodRows() + earlier <= CanonicalDataset.SMALL && report.idBytes() <= MOST_BYTES;
  }

  /**
   * Numbers, settles, filters and splits.
   *
   * @param good the good rows
   * @return what was found, which the caller lets go of
   */
  static Found of(
      Dataset<Row> good,
      InputReport report,
      PrepareSettings settings,
      Optional<CanonicalDataset> previous) {
    Dataset<Row> rows =
        good.select(
            col("part"),
            col("user"),
            col("item"),
            col("weight"),
            col("time"),
            col("group"),
            col("file"),
            col("start"),
            col("line"),
            expr("xxhash64(user, item)").as("pair"));
    if (previous.isPresent()) {
      rows =
          rows.union(earlier(previous.get().users(), EARLIER_USER))
              .union(earlier(previous.get().items(), EARLIER_ITEM));
    }
    return new Found(
        rows.coalesce(1)
            .mapPartitions(new SmallInput(report, settings), Encoders.row(FOUND))
            .persist(StorageLevel.MEMORY_AND_DISK()),
        settings);
  }

  private static Dataset<Row> earlier(Dataset<Row> dictionary, byte kind) {
    return dictionary.select(
        lit(kind).as("part"),
        col("id").as("user"),
        lit(null).cast("string").as("item"),
        lit(0f).as("weight"),
        lit(null).cast("long").as("time"),
        lit(null).cast("string").as("group"),
        lit("").as("file"),
        lit(0L).as("start"),
        col("index").cast("long").as("line"),
        lit(0L).as("pair"));
  }

  private static String place(String file, long start) {
    return start + ":" + file;
  }

  /** The ids of one kind, and the index of each. */
  private static final class Ids {
    private final Map<String, Integer> indices = new HashMap<>();
    private final TreeSet<String> fresh = new TreeSet<>(Utf8Order.INSTANCE);
    private int earlier;

    void addEarlier(String id, int index) {
      indices.put(id, index);
      earlier++;
    }

    /** Numbers what is not numbered yet: ids of the earlier data set are numbered first. */
    void number(List<Row> rows, int column) {
      for (Row row : rows) {
        String id = row.getString(column);
        if (!indices.containsKey(id)) {
          fresh.add(id);
        }
      }
      int next = earlier;
      for (String id : fresh) {
        indices.put(id, next++);
      }
    }

    int index(String id) {
      return indices.get(id);
    }

    int count() {
      return indices.size();
    }

    /** How many are members of {@code stay}; of null, all. */
    int count(IndexSet stay) {
      return stay == null ? count() : stay.count();
    }

    int earlier() {
      return earlier;
    }

    /** The ids of the members of {@code stay} with their numbers in it; of null, all. */
    Stream<Row> rows(int kind, IndexSet stay) {
      String[] names = new String[indices.size()];
      indices.forEach((id, index) -> names[index] = id);
      return IntStream.range(0, names.length)
          .filter(index -> stay == null || stay.contains(index))
          .mapToObj(
              index -> {
                int number = stay == null ? index : stay.rank(index);
                return found(kind, (byte) 0, number, 0, 0, names[index]);
              });
    }
  }

  @Override
  public Iterator<Row> call(Iterator<Row> input) {
    Ids users = new Ids();
    Ids items = new Ids();
    List<Row> rows = new ArrayList<>();
    while (input.hasNext()) {
      Row row = input.next();
      switch (row.getByte(0)) {
        case EARLIER_USER -> users.addEarlier(row.getString(1), (int) row.getLong(8));
        case EARLIER_ITEM -> items.addEarlier(row.getString(1), (int) row.getLong(8));
        default -> rows.add(row);
      }
    }
    users.number(rows, 1);
    items.number(rows, 2);
    rows.replaceAll(row -> encoded(row, users, items));
    rows.sort(ORDER);
    List<Row> pairs = new ArrayList<>();
    merge.call(rows.iterator()).forEachRemaining(pairs::add);
    Map<Byte, long[]> byCode = new TreeMap<>();
    for (Row pair : pairs) {
      long[] found = byCode.computeIfAbsent(Encoded.part(pair), code -> new long[2]);
      found[0]++;
      found[1] = Math.max(found[1], pair.getInt(8));
    }
    List<Row> kept =
        pairs.stream().filter(pair -> Encoded.part(pair) < Encoded.BELOW_WEIGHT).toList();
    IndexSets stays = null;
    IndexSets numbers = null;
    if (hasCore || byCode.containsKey(Encoded.BELOW_WEIGHT)) {
      Survivors survivors = Survivors.of(kept, users.count(), items.count(), minUser, minItem);
      stays = survivors.sets();
      numbers = survivors.numbered(users.earlier(), items.earlier());
    }
    List<Row> parts = new ArrayList<>();
    assign.parts(kept.iterator(), stays, numbers).forEachRemaining(parts::add);
    Fingerprint.Sums sums = new Fingerprint.Sums();
    parts.forEach(sums::add);
    Fingerprint fingerprint = sums.fingerprint();

    List<Row> counts = new ArrayList<>();
    byCode.forEach((code, found) -> counts.add(count(PAIRS, code, found[0], (int) found[1], null)));
    fingerprint
        .rows()
        .forEach((part, left) -> counts.add(count(LEFT, part.byteValue(), left, 0, null)));
    IndexSet userSet = numbers == null ? null : numbers.users();
    IndexSet itemSet = numbers == null ? null : numbers.items();
    counts.add(count(IDS, (byte) Dictionary.USER, users.count(userSet), 0, null));
    counts.add(count(IDS, (byte) Dictionary.ITEM, items.count(itemSet), 0, null));
    counts.add(count(FINGERPRINT, (byte) 0, 0, 0, fingerprint.text()));
    return Stream.of(
            counts.stream(),
            users.rows(Dictionary.USER, userSet),
            items.rows(Dictionary.ITEM, itemSet),
            parts.stream().map(SmallInput::interaction))
        .flatMap(found -> found)
        .iterator();
  }

  private Row encoded(Row row, Ids users, Ids items) {
    long line = row.getLong(8);
    int ordinal = ordinals.get(place(row.getString(6), row.getLong(7)));
    return RowFactory.create(
        row.getByte(0),
        users.index(row.getString(1)),
        items.index(row.getString(2)),
        row.getFloat(3),
        row.isNullAt(4) ? null : (Long) row.getLong(4),
        row.getString(5),
        Encoded.position(oneSplit, ordinal, line),
        row.getLong(9));
  }

  private static Row count(int kind, byte code, long count, int copies, String text) {
    return found(kind, code, 0, copies, count, text);
  }

  private static Row found(int kind, byte code, int user, int item, long pos, String id) {
    return RowFactory.create(code, user, item, 0f, null, null, pos, 0L, kind, id);
  }

  private static Row interaction(Row row) {
    return RowFactory.create(
        Encoded.part(row),
        Encoded.user(row),
        Encoded.item(row),
        Encoded.weight(row),
        Encoded.time(row),
        Encoded.group(row),
        0L,
        0L,
        INTERACTION,
        null);
  }

  /** What a small input comes to. */
  static final class Found {
    private final Dataset<Row> rows;
    private final Map<Integer, Long> pairs = new HashMap<>();
    private final Map<Integer, Long> ids = new HashMap<>();
    private final Fingerprint fingerprint;
    private final boolean refused;

    private Found(Dataset<Row> rows, PrepareSettings settings) {
      this.rows = rows;
      Map<Integer, Long> left = new TreeMap<>();
      String text = "";
      int copies = 1;
      for (Row row : rows.where(col("kind").geq(PAIRS)).collectAsList()) {
        int code = Encoded.part(row);
        switch (row.getInt(KIND)) {
          case PAIRS -> {
            pairs.put(code, Encoded.pos(row));
            copies = code == Part.CANDIDATES.code() ? copies : Math.max(copies, Encoded.item(row));
          }
          case IDS -> ids.put(code, Encoded.pos(row));
          case LEFT -> left.put(code, Encoded.pos(row));
          default -> text = row.getString(ID);
        }
      }
      fingerprint = new Fingerprint(left, text);
      refused =
          pairs.containsKey((int) Encoded.OVERFLOW)
              || (copies > 1 && settings.duplicates() == Duplicates.REFUSE);
    }

    /** Whether something is to be refused. */
    boolean isRefused() {
      return refused;
    }

    /** Pairs by code. */
    Map<Integer, Long> pairs() {
      return pairs;
    }

    /** The number of ids of a kind that are in its dictionary. */
    long ids(int kind) {
      return ids.get(kind);
    }

    Fingerprint fingerprint() {
      return fingerprint;
    }

    /** The interactions, columns as of {@link Encoded#ROWS} and more. */
    Dataset<Row> interactions() {
      return rows.where(col("kind").equalTo(INTERACTION));
    }

    /** A dictionary: {@code index} and {@code id}. */
    Dataset<Row> dictionary(int kind) {
      return rows.where(col("kind").equalTo(kind)).select(col("user").as("index"), col("id"));
    }

    /** Frees what is kept. */
    void close() {
      rows.unpersist();
    }
  }
}
