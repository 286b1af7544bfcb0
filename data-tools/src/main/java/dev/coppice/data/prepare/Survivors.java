package dev.coppice.data.prepare;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import dev.coppice.core.util.Longs;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * The k-core: the largest set of users and items in which every user has at least {@code minUser}
 * of the items and every item at least {@code minItem} of the users. Found by leaving out those
 * with fewer, again and again, until nothing changes; the result does not depend on the order.
 *
 * <p>The driver holds a bit per user and item, and takes a byte or two for each that stays in a
 * round, which is one aggregation over the pairs.
 *
 * @param users provisional indices that stay
 * @param items provisional indices that stay
 * @param rounds how many rounds it took
 */
record Survivors(IndexSet users, IndexSet items, int rounds) {

  /**
   * Computes the core; with both minima 1, the users and items that have a pair at all.
   *
   * @param pairs the pairs of indices, first the user, then the item; cached
   */
  static Survivors of(Dataset<Row> pairs, int users, int items, int minUser, int minItem) {
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(pairs.sparkSession().sparkContext());
    Survivors current = round(pairs, users, items, minUser, minItem, 1);
    boolean changes = minUser > 1 || minItem > 1;
    while (changes) {
      Broadcast<IndexSets> alive = context.broadcast(current.sets());
      Survivors next =
          round(
              pairs.filter(new IsAlive(alive)),
              users,
              items,
              minUser,
              minItem,
              current.rounds() + 1);
      alive.destroy();
      changes = next.differsFrom(current);
      current = next;
    }
    return current;
  }

  /**
   * As above, of pairs that are at hand.
   *
   * @param pairs rows of {@link Encoded#ROWS}
   */
  static Survivors of(List<Row> pairs, int users, int items, int minUser, int minItem) {
    Survivors current = null;
    boolean changes = true;
    while (changes) {
      int[] perUser = new int[users];
      int[] perItem = new int[items];
      for (Row pair : pairs) {
        int user = Encoded.user(pair);
        int item = Encoded.item(pair);
        if (current == null || current.sets().contains(user, item)) {
          perUser[user]++;
          perItem[item]++;
        }
      }
      Survivors next =
          new Survivors(
              atLeast(perUser, minUser),
              atLeast(perItem, minItem),
              current == null ? 1 : current.rounds() + 1);
      changes = current == null ? minUser > 1 || minItem > 1 : next.differsFrom(current);
      current = next;
    }
    return current;
  }

  private static IndexSet atLeast(int[] degrees, int least) {
    IndexSet set = new IndexSet(degrees.length);
    for (int index = 0; index < degrees.length; index++) {
      // Who has no pair is not there, whatever is asked for.
      if (degrees[index] >= Math.max(1, least)) {
        set.add(index);
      }
    }
    return set;
  }

  /** Whether a round changed something; each set lies inside the one before. */
  private boolean differsFrom(Survivors before) {
    return users.count() != before.users.count() || items.count() != before.items.count();
  }

  /** The provisional indices that stay. */
  IndexSets sets() {
    return new IndexSets(users, items);
  }

  /** The dictionaries' members: those that stay, and all that the earlier data set had. */
  IndexSets numbered(int earlierUsers, int earlierItems) {
    return new IndexSets(
        users.numberedWithAllBelow(earlierUsers), items.numberedWithAllBelow(earlierItems));
  }

  private static Survivors round(
      Dataset<Row> pairs, int users, int items, int minUser, int minItem, int number) {
    // Users get even ids, items odd ones, so that one aggregation counts both.
    Column user = col("user").cast("long").multiply(2);
    Column item = col("item").cast("long").multiply(2).plus(1);
    Column least = when(col("id").mod(2).equalTo(0), lit(minUser)).otherwise(lit(minItem));
    Dataset<Long> ids =
        pairs
            .select(explode(array(user, item)).as("id"))
            .groupBy("id")
            .agg(count("*").as("degree"))
            .where(col("degree").geq(least))
            .select("id")
            .as(Encoders.LONG());
    IndexSet userSet = new IndexSet(users);
    IndexSet itemSet = new IndexSet(items);
    LongConsumer add = id -> (id % 2 == 0 ? userSet : itemSet).add((int) (id / 2));
    ids.mapPartitions(new Pack(), Encoders.BINARY())
        .collectAsList()
        .forEach(chunk -> Pack.unpack(chunk, add));
    return new Survivors(userSet, itemSet, number);
  }

  private static final class IsAlive implements FilterFunction<Row> {
    private static final long serialVersionUID = 1L;

    private final Broadcast<IndexSets> alive;

    IsAlive(Broadcast<IndexSets> alive) {
      this.alive = alive;
    }

    @Override
    public boolean call(Row row) {
      return alive.value().contains(row.getInt(0), row.getInt(1));
    }
  }

  /**
   * Packs the ids of a partition into a byte array: the gaps between them in ascending order, seven
   * bits a byte. With P partitions that takes a byte or two an id, where P is some thousands at
   * most; boxed, ids would take ten times as much of the driver.
   */
  private static final class Pack implements MapPartitionsFunction<Long, byte[]> {
    private static final long serialVersionUID = 1L;

    private static final int LOW = 0x7F;

    @Override
    public Iterator<byte[]> call(Iterator<Long> ids) {
      long[] all = Longs.of(ids);
      Arrays.sort(all);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      long before = 0;
      for (long id : all) {
        long gap = id - before;
        for (; gap > LOW; gap >>>= 7) {
          bytes.write((int) (gap & LOW) | LOW + 1);
        }
        bytes.write((int) gap);
        before = id;
      }
      return List.of(bytes.toByteArray()).iterator();
    }

    /** Reads what was packed. */
    static void unpack(byte[] chunk, LongConsumer ids) {
      long id = 0;
      long gap = 0;
      int shift = 0;
      for (byte part : chunk) {
        gap |= (long) (part & LOW) << shift;
        shift += 7;
        if (part >= 0) {
          id += gap;
          ids.accept(id);
          gap = 0;
          shift = 0;
        }
      }
    }
  }
}
