package dev.coppice.data.prepare;

import dev.coppice.data.Part;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Joins the rows of each pair and settles in which part the pair is. Takes {@link Encoded#ROWS}
 * sorted by user, item, part, time, position; gives {@link Encoded#PAIRS} in the same order.
 *
 * <p>The fixed order makes the sum of the weights the same on every run, to the last bit.
 */
final class MergePairs implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final boolean sum;
  private final float minWeight;

  MergePairs(Duplicates duplicates, float minWeight) {
    this.sum = duplicates == Duplicates.SUM;
    this.minWeight = minWeight;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    return new Pairs(rows);
  }

  private final class Pairs implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final ArrayDeque<Row> ready = new ArrayDeque<>();
    private Row next;
    private int user;
    private int item;
    private boolean inValidation;
    private boolean known;

    Pairs(Iterator<Row> rows) {
      this.rows = rows;
      advance();
    }

    private void advance() {
      next = rows.hasNext() ? rows.next() : null;
    }

    private boolean atPair() {
      return next != null && Encoded.user(next) == user && Encoded.item(next) == item;
    }

    @Override
    public boolean hasNext() {
      if (ready.isEmpty() && next != null) {
        readPair();
      }
      return !ready.isEmpty();
    }

    /** Reads all rows of one pair, part by part. */
    private void readPair() {
      user = Encoded.user(next);
      item = Encoded.item(next);
      inValidation = false;
      known = false;
      Row train = null;
      while (atPair()) {
        byte part = Encoded.part(next);
        Row pair = readPart(part);
        if (part == Part.TRAIN.code()) {
          // Waits for a validation row of the same pair.
          train = pair;
        } else {
          note(pair);
          train = release(train);
          ready.add(part == Part.TEST.code() && known ? moved(pair, Encoded.SEEN) : pair);
        }
      }
      release(train);
    }

    private void note(Row pair) {
      inValidation |= Encoded.part(pair) == Part.VALIDATION.code();
      known |= inValidation;
    }

    private Row release(Row train) {
      if (train != null) {
        boolean stays = Encoded.part(train) == Part.TRAIN.code();
        known |= stays;
        ready.add(stays && inValidation ? moved(train, Encoded.IN_VALIDATION) : train);
      }
      return null;
    }

    private Row readPart(byte part) {
      double weight = 0;
      int copies = 0;
      Row last = next;
      while (atPair() && Encoded.part(next) == part) {
        last = next;
        weight = sum ? weight + Encoded.weight(next) : Encoded.weight(next);
        copies++;
        advance();
      }
      // One candidate is as good as two.
      float total = part == Part.CANDIDATES.code() ? 1f : (float) weight;
      byte code = part;
      if (Float.isInfinite(total)) {
        code = Encoded.OVERFLOW;
      } else if (total < minWeight && part != Part.CANDIDATES.code()) {
        code = Encoded.BELOW_WEIGHT;
      }
      return pair(last, code, total, copies);
    }

    private static Row pair(Row row, byte code, float weight, int copies) {
      return RowFactory.create(
          code,
          Encoded.user(row),
          Encoded.item(row),
          weight,
          Encoded.time(row),
          Encoded.group(row),
          Encoded.pos(row),
          Encoded.pair(row),
          copies);
    }

    private static Row moved(Row pair, byte code) {
      return pair(pair, code, Encoded.weight(pair), pair.getInt(8));
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.pop();
    }
  }
}
