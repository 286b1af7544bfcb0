package dev.coppice.spark.als;

import dev.coppice.core.als.RowCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Tuple2;

/**
 * Turns rows into chunks by the block of the id in their first column (long), so that a shuffle
 * moves arrays instead of single rows. Holds at most one unfinished chunk a block.
 */
abstract class Chunker<C> implements Iterator<Tuple2<Integer, C>> {

  /** A chunk that is being filled. */
  interface Open<C> {
    /** Adds a row; returns whether the chunk is full. */
    boolean add(InternalRow row);

    /** Returns the chunk and starts anew; null if there is nothing in it. */
    C close();
  }

  private final Iterator<InternalRow> rows;
  private final List<Open<C>> open;
  private final Queue<Tuple2<Integer, C>> ready = new ArrayDeque<>();
  private boolean drained;

  Chunker(Iterator<InternalRow> rows, int numBlocks) {
    this.rows = rows;
    this.open = new ArrayList<>(Collections.nCopies(numBlocks, null));
  }

  /** Starts a chunk. */
  abstract Open<C> open();

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && rows.hasNext()) {
      InternalRow row = rows.next();
      int block = RowCode.blockOf(row.getLong(0), open.size());
      Open<C> chunk = open.get(block);
      if (chunk == null) {
        chunk = open();
        open.set(block, chunk);
      }
      if (chunk.add(row)) {
        ready.add(new Tuple2<>(block, chunk.close()));
      }
    }
    if (ready.isEmpty() && !drained) {
      drained = true;
      for (int block = 0; block < open.size(); block++) {
        C rest = open.get(block) == null ? null : open.get(block).close();
        if (rest != null) {
          ready.add(new Tuple2<>(block, rest));
        }
      }
    }
    return !ready.isEmpty();
  }

  @Override
  public Tuple2<Integer, C> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.remove();
  }
}
