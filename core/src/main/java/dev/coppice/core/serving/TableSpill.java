package dev.coppice.core.serving;

import dev.coppice.core.topk.RowCheck;
import java.io.IOException;
import java.util.Arrays;

/** Writes the ids and rows of one table, its weights in single precision. */
final class TableSpill {
  /** Most bytes of a text id. */
  static final int MAX_ID_BYTES = 1 << 20;

  private final TableSections sections;
  private final IdKind kind;
  private final int rank;
  private final Spill ids;
  private final OffsetSpill idOffsets;
  private final OffsetSpill offsets;
  private final Spill dims;
  private final Spill weights;
  private int rows;
  private long stored;
  private float largest;
  private byte[] lastName;
  private long lastNumber;

  TableSpill(Spills spills, TableSections sections, IdKind kind, int rank) throws IOException {
    this.sections = sections;
    this.kind = kind;
    this.rank = rank;
    ids = spills.of(sections.ids);
    idOffsets =
        kind == IdKind.STRING
            ? new OffsetSpill(spills.of(sections.idBases), spills.of(sections.idOffsets))
            : null;
    offsets = new OffsetSpill(spills.of(sections.bases), spills.of(sections.offsets));
    dims = spills.of(sections.dims);
    weights = spills.of(sections.weights);
  }

  int rows() {
    return rows;
  }

  long stored() {
    return stored;
  }

  /** Returns the largest absolute value of a weight. */
  float largest() {
    return largest;
  }

  void add(String id, short[] rowDims, float[] rowWeights) throws IOException {
    require(kind == IdKind.STRING, id);
    byte[] name =
        Utf8.encode(id)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        sections.what + " id number " + rows + " is no Unicode text"));
    if (name.length > MAX_ID_BYTES) {
      throw new IllegalArgumentException(
          sections.what
              + " id '"
              + id.substring(0, 40)
              + "...' has "
              + name.length
              + " bytes; allowed: up to "
              + MAX_ID_BYTES);
    }
    if (lastName != null && Arrays.compareUnsigned(lastName, name) >= 0) {
      throw disorder(id);
    }
    check(id, rowDims, rowWeights);
    lastName = name;
    idOffsets.add(ids.bytes());
    ids.put(name, name.length);
    addRow(rowDims, rowWeights);
  }

  void add(long id, short[] rowDims, float[] rowWeights) throws IOException {
    require(kind != IdKind.STRING, id);
    if (kind == IdKind.INT && id != (int) id) {
      throw new IllegalArgumentException(
          sections.what + " id " + id + " is no 32-bit number, and ids are of type int");
    }
    if (rows > 0 && lastNumber >= id) {
      throw disorder(id);
    }
    check(id, rowDims, rowWeights);
    lastNumber = id;
    if (kind == IdKind.INT) {
      ids.putInt((int) id);
    } else {
      ids.putLong(id);
    }
    addRow(rowDims, rowWeights);
  }

  private void require(boolean right, Object id) {
    if (!right) {
      throw new IllegalArgumentException(
          sections.what + " id " + id + " is of another type than " + kind.key());
    }
  }

  private IllegalArgumentException disorder(Object id) {
    return new IllegalArgumentException(
        sections.what
            + " id "
            + id
            + " does not come after the one before it; rows are to be added in ascending order of"
            + " their ids, each once");
  }

  private void check(Object id, short[] rowDims, float[] rowWeights) {
    if (rowDims.length != rowWeights.length) {
      throw new IllegalArgumentException(
          sections.what
              + " "
              + id
              + " has "
              + rowDims.length
              + " dims and "
              + rowWeights.length
              + " weights; needed: as many of both");
    }
    RowCheck.check(sections.what + " " + id, rank, rowDims, rowWeights, 0, rowDims.length);
    if (rows == Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("more than " + rows + " " + sections.what + "s");
    }
  }

  private void addRow(short[] rowDims, float[] rowWeights) throws IOException {
    offsets.add(stored);
    for (int p = 0; p < rowDims.length; p++) {
      dims.putShort(rowDims[p]);
      weights.putFloat(rowWeights[p]);
      largest = Math.max(largest, Math.abs(rowWeights[p]));
    }
    stored += rowDims.length;
    rows++;
  }

  /** Writes where the last row ends. */
  void finish() throws IOException {
    offsets.add(stored);
    if (idOffsets != null) {
      idOffsets.add(ids.bytes());
    }
  }
}
