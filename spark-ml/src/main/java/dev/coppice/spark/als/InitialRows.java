package dev.coppice.spark.als;

import dev.coppice.core.als.EarlierRows;
import dev.coppice.core.als.InteractionBlock;
import dev.coppice.core.table.SparseTable;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of an initial model, in the order of a block of the data at hand.
 *
 * @param known {@code boolean[rows]}: which rows of the block the model has
 * @param idle {@code boolean[rows]}: which rows of the block have no interactions
 * @param table the known rows; the others are empty
 * @param importance the same, with the importances of the weights; null where they are not wanted
 * @param degrees {@code int[rows]}: interactions that the known rows were learnt from; null where
 *     they are not wanted
 * @param given rows of the model that belong to this block, those without data too
 * @param repeated how many of them the model has twice
 */
record InitialRows(
    boolean[] known,
    boolean[] idle,
    SparseTable table,
    SparseTable importance,
    int[] degrees,
    long given,
    long repeated)
    implements Serializable {

  /** Brings rows into a block's order. */
  static InitialRows of(InteractionBlock block, List<InitialChunk> chunks, int rank) {
    long[] ids = block.ids();
    int[] chunkOf = new int[ids.length];
    int[] rowOf = new int[ids.length];
    Arrays.fill(chunkOf, -1);
    long given = 0;
    long repeated = 0;
    for (int c = 0; c < chunks.size(); c++) {
      long[] theirs = chunks.get(c).ids();
      given += theirs.length;
      int[] locals = PrimitiveArrays.locals(ids, theirs);
      for (int r = 0; r < theirs.length; r++) {
        if (locals[r] >= 0) {
          repeated += chunkOf[locals[r]] >= 0 ? 1 : 0;
          chunkOf[locals[r]] = c;
          rowOf[locals[r]] = r;
        }
      }
    }
    boolean[] known = new boolean[ids.length];
    boolean[] idle = new boolean[ids.length];
    int[] offsets = new int[ids.length + 1];
    for (int row = 0; row < ids.length; row++) {
      known[row] = chunkOf[row] >= 0;
      idle[row] = block.observations(row) == 0;
      int stored = known[row] ? chunks.get(chunkOf[row]).rows().stored(rowOf[row]) : 0;
      offsets[row + 1] = Math.addExact(offsets[row], stored);
    }
    short[] dims = new short[offsets[ids.length]];
    float[] weights = new float[dims.length];
    float[] importance = important(chunks) ? new float[dims.length] : null;
    int[] degrees = counted(chunks) ? new int[ids.length] : null;
    for (int row = 0; row < ids.length; row++) {
      if (known[row]) {
        SparseTable rows = chunks.get(chunkOf[row]).rows();
        int begin = rows.begin(rowOf[row]);
        int stored = rows.stored(rowOf[row]);
        System.arraycopy(rows.dims(), begin, dims, offsets[row], stored);
        System.arraycopy(rows.weights(), begin, weights, offsets[row], stored);
        if (degrees != null) {
          degrees[row] = chunks.get(chunkOf[row]).degrees()[rowOf[row]];
        }
        if (importance != null) {
          float[] theirs = chunks.get(chunkOf[row]).importance();
          System.arraycopy(theirs, begin, importance, offsets[row], stored);
        }
      }
    }
    return new InitialRows(
        known,
        idle,
        new SparseTable(rank, offsets, dims, weights),
        importance == null ? null : new SparseTable(rank, offsets, dims, importance),
        degrees,
        given,
        repeated);
  }

  private static boolean important(List<InitialChunk> chunks) {
    return !chunks.isEmpty() && chunks.get(0).importance() != null;
  }

  private static boolean counted(List<InitialChunk> chunks) {
    return !chunks.isEmpty() && chunks.get(0).degrees() != null;
  }

  /** Returns what the rows were; of a block without known rows, that all are new. */
  EarlierRows earlier() {
    return degrees == null
        ? EarlierRows.none(table.rank(), table.rows())
        : new EarlierRows(degrees, table);
  }

  /** Returns the importances; all 0 where no row is known. */
  SparseTable importanceOrNone() {
    return importance == null ? SparseTable.empty(table.rank(), table.rows()) : importance;
  }

  /** Returns how many of the model's rows have interactions. */
  long knownRows() {
    long rows = 0;
    for (int row = 0; row < known.length; row++) {
      rows += known[row] && !idle[row] ? 1 : 0;
    }
    return rows;
  }

  /** Returns how many rows have interactions. */
  long activeRows() {
    long rows = 0;
    for (boolean one : idle) {
      rows += one ? 0 : 1;
    }
    return rows;
  }

  /** Returns what is wrong with the rows, or null. */
  String problem() {
    try {
      table.validate();
      return null;
    } catch (IllegalStateException e) {
      return e.getMessage();
    }
  }
}
