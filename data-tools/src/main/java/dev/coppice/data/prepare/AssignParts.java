package dev.coppice.data.prepare;

import dev.coppice.data.Part;
import java.io.Serializable;
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
  private final Broadcast<Kept> kept;

  /**
   * Which provisional indices stay.
   *
   * @param users users whose rows stay
   * @param items items whose rows stay
   * @param userNumbers the users in the dictionary, numbered
   * @param itemNumbers the items in the dictionary, numbered
   */
  record Kept(IndexSet users, IndexSet items, IndexSet userNumbers, IndexSet itemNumbers)
      implements Serializable {}

  /**
   * A splitter.
   *
   * @param kept what stays, or null if everything does
   */
  AssignParts(HoldOut test, HoldOut validation, long seed, Broadcast<Kept> kept) {
    this.test = test;
    this.validation = validation;
    this.seed = seed;
    this.kept = kept;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    return new Parts(rows, kept == null ? null : kept.value());
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
    private final Kept kept;
    private Iterator<Entry> user = List.<Entry>of().iterator();
    private Row next;

    Parts(Iterator<Row> rows, Kept kept) {
      this.rows = rows;
      this.kept = kept;
      advance();
    }

    private void advance() {
      next = null;
      while (next == null && rows.hasNext()) {
        Row row = rows.next();
        boolean stays =
            kept == null
                || (kept.users().contains(Encoded.user(row))
                    && kept.items().contains(Encoded.item(row)));
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
          kept == null ? userIndex : kept.userNumbers().rank(userIndex),
          kept == null ? itemIndex : kept.itemNumbers().rank(itemIndex),
          Encoded.weight(row),
          Encoded.time(row),
          Encoded.group(row),
          Encoded.pos(row),
          Encoded.pair(row));
    }
  }
}
