package dev.coppice.data.prepare;

import dev.coppice.data.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Takes test and validation out of train, user by user, drops the pairs that the filters leave out,
 * and gives the final indices. Takes {@link Encoded#PAIRS} in which each user's rows stand
 * together; holds one user's rows at a time.
 */
final class AssignParts implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final HoldOut test;
  private final HoldOut validation;
  private final long seed;
  private final Broadcast<IndexSets> stays;
  private final Broadcast<IndexSets> numbers;

  /**
   * A splitter.
   *
   * @param stays provisional indices whose rows stay, or null if all do
   * @param numbers provisional indices that are in the dictionaries, numbered; null if all are
   */
  AssignParts(
      HoldOut test,
      HoldOut validation,
      long seed,
      Broadcast<IndexSets> stays,
      Broadcast<IndexSets> numbers) {
    this.test = test;
    this.validation = validation;
    this.seed = seed;
    this.stays = stays;
    this.numbers = numbers;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    return stays == null ? parts(rows, null, null) : parts(rows, stays.value(), numbers.value());
  }

  /** As above, with the sets in the place of those that were sent. */
  Iterator<Row> parts(Iterator<Row> rows, IndexSets kept, IndexSets numbered) {
    return new Parts(rows, kept, numbered);
  }

  /** One user's interaction while the user is split. */
  private static final class Entry {
    private final Row row;
    private byte part;
    private long key;

    Entry(Row row) {
      this.row = row;
      this.part = Encoded.part(row);
    }
  }

  /** How many of {@code count} interactions are taken; at least one stays. */
  static int taken(HoldOut rule, int count) {
    long wanted =
        rule.kind() == HoldOut.Kind.RATIO ? Math.round(rule.ratio() * count) : rule.last();
    return (int) Math.max(0, Math.min(wanted, count - 1L));
  }

  private static final Comparator<Entry> BY_KEY =
      Comparator.<Entry>comparingLong(entry -> entry.key)
          .thenComparingInt(entry -> Encoded.item(entry.row));

  private static final Comparator<Entry> LATEST_FIRST =
      Comparator.<Entry>comparingLong(entry -> Encoded.time(entry.row))
          .thenComparingLong(entry -> Encoded.pos(entry.row))
          .thenComparingInt(entry -> Encoded.item(entry.row))
          .reversed();

  private void holdOut(List<Entry> entries, HoldOut rule, Part target) {
    if (!rule.isRule()) {
      return;
    }
    List<Entry> train = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.part == Part.TRAIN.code()) {
        train.add(entry);
      }
    }
    if (rule.kind() == HoldOut.Kind.TIME) {
      for (Entry entry : train) {
        entry.part = Encoded.time(entry.row) >= rule.time() ? target.code() : entry.part;
      }
      return;
    }
    if (rule.kind() == HoldOut.Kind.RATIO) {
      for (Entry entry : train) {
        entry.key = Keyed.hash(seed, target.code(), Encoded.pair(entry.row));
      }
      train.sort(BY_KEY);
    } else {
      train.sort(LATEST_FIRST);
    }
    for (Entry entry : train.subList(0, taken(rule, train.size()))) {
      entry.part = target.code();
    }
  }

  private final class Parts implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final IndexSets kept;
    private final IndexSets numbered;
    private Iterator<Entry> user = List.<Entry>of().iterator();
    private Row next;

    Parts(Iterator<Row> rows, IndexSets kept, IndexSets numbered) {
      this.rows = rows;
      this.kept = kept;
      this.numbered = numbered;
      advance();
    }

    private void advance() {
      next = null;
      while (next == null && rows.hasNext()) {
        Row row = rows.next();
        boolean stays = kept == null || kept.contains(Encoded.user(row), Encoded.item(row));
        next = stays ? row : null;
      }
    }

    @Override
    public boolean hasNext() {
      if (!user.hasNext() && next != null) {
        int index = Encoded.user(next);
        List<Entry> entries = new ArrayList<>();
        while (next != null && Encoded.user(next) == index) {
          entries.add(new Entry(next));
          advance();
        }
        holdOut(entries, test, Part.TEST);
        holdOut(entries, validation, Part.VALIDATION);
        user = entries.iterator();
      }
      return user.hasNext();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Entry entry = user.next();
      Row row = entry.row;
      int userIndex = Encoded.user(row);
      int itemIndex = Encoded.item(row);
      return RowFactory.create(
          entry.part,
          numbered == null ? userIndex : numbered.users().rank(userIndex),
          numbered == null ? itemIndex : numbered.items().rank(itemIndex),
          Encoded.weight(row),
          Encoded.time(row),
          Encoded.group(row),
          Encoded.pos(row),
          Encoded.pair(row));
    }
  }
}
