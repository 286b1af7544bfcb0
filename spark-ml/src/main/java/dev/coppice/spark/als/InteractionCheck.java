package dev.coppice.spark.als;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.error.BadInputException;
import java.io.Serializable;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.LongAccumulator;

/**
 * Lets interactions through that can be trained on and notes whether there were others, in the pass
 * that lays them out: a job that only looks at them would read the data once more.
 */
final class InteractionCheck implements Serializable {
  private static final long serialVersionUID = 1L;

  private final float least;
  private final LongAccumulator bad;

  InteractionCheck(SparkContext spark, AlsObjective objective) {
    least = objective.needsGramian() ? 0 : -Float.MAX_VALUE;
    bad = spark.longAccumulator("rows without id or usable weight");
  }

  /** Returns the rows of (long, long, float) that can be trained on; inside a task only. */
  Iterator<InternalRow> good(Iterator<InternalRow> rows) {
    return new Iterator<>() {
      private InternalRow next;

      @Override
      public boolean hasNext() {
        while (next == null && rows.hasNext()) {
          InternalRow row = rows.next();
          if (passes(row)) {
            next = row;
          } else {
            bad.add(1);
          }
        }
        return next != null;
      }

      @Override
      public InternalRow next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        InternalRow row = next;
        next = null;
        return row;
      }
    };
  }

  private boolean passes(InternalRow row) {
    if (row.isNullAt(0) || row.isNullAt(1) || row.isNullAt(2)) {
      return false;
    }
    float weight = row.getFloat(2);
    // Not a number is neither.
    return weight >= least && weight <= Float.MAX_VALUE;
  }

  /**
   * Checks what was read so far.
   *
   * @throws BadInputException if there was a row that cannot be trained on
   */
  void require() {
    // A task that was run twice may have counted twice.
    if (bad.value() > 0) {
      throw new BadInputException(
          "some interactions have no user, no item, or a weight that is missing, not finite or, in"
              + " implicit feedback, below 0; leave these rows out or repair them");
    }
  }
}
