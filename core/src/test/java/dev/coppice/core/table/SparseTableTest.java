package dev.coppice.core.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SparseTableTest {

  /** Row r of the table that {@link #random} makes, as a dense array. */
  private static float[] denseRow(int rank, int row, double density) {
    float[] dense = new float[rank];
    for (int j = 0; j < rank; j++) {
      if (SeedStream.uniform(7, Purpose.GENERATE, row, j) < density) {
        dense[j] = (float) SeedStream.gaussian(7, Purpose.SAMPLE, row, j);
      }
    }
    return dense;
  }

  private static SparseTable random(int rank, int rows, double density) {
    int[] offsets = new int[rows + 1];
    short[] dims = new short[rank * rows];
    float[] weights = new float[rank * rows];
    int to = 0;
    for (int r = 0; r < rows; r++) {
      float[] dense = denseRow(rank, r, density);
      for (int j = 0; j < rank; j++) {
        if (dense[j] != 0) {
          dims[to] = (short) j;
          weights[to++] = dense[j];
        }
      }
      offsets[r + 1] = to;
    }
    return new SparseTable(rank, offsets, Arrays.copyOf(dims, to), Arrays.copyOf(weights, to));
  }

  @ParameterizedTest
  @CsvSource({
    "1,0,1",
    "1,1,0",
    "1,1,1",
    "7,3,0.5",
    "8,8,0.3",
    "9,5,1",
    "64,2,0.05",
    "65535,3,0.001",
    "65535,1,1"
  })
  void holdsTheRowsThatWentIn(int rank, int rows, double density) {
    SparseTable table = random(rank, rows, density);
    table.validate();
    assertThat(table.rank()).isEqualTo(rank);
    assertThat(table.rows()).isEqualTo(rows);
    float[] scratch = new float[rank];
    int stored = 0;
    for (int r = 0; r < rows; r++) {
      table.scatter(r, scratch);
      assertThat(scratch).isEqualTo(denseRow(rank, r, density));
      float[] again = new float[rank];
      short[] dims = table.rowDims(r);
      float[] weights = table.rowWeights(r);
      for (int p = 0; p < table.stored(r); p++) {
        again[dims[p] & 0xFFFF] = weights[p];
      }
      assertThat(again).isEqualTo(scratch);
      table.unscatter(r, scratch);
      assertThat(scratch).isEqualTo(new float[rank]);
      stored += table.stored(r);
    }
    assertThat(stored).isEqualTo(table.stored());
    assertThat(table.bytes()).isEqualTo(ByteAccount.of(rows, stored));
  }

  @Test
  void someRowsAreATableInTheirOrder() {
    SparseTable table = random(40, 9, 0.3);
    int[] rows = {0, 3, 4, 8};
    SparseTable some = table.only(rows);
    some.validate();
    assertThat(some.rows()).isEqualTo(rows.length);
    for (int r = 0; r < rows.length; r++) {
      assertThat(some.rowDims(r)).isEqualTo(table.rowDims(rows[r]));
      assertThat(some.rowWeights(r)).isEqualTo(table.rowWeights(rows[r]));
    }
    assertThat(table.only(new int[0]).rows()).isZero();
  }

  @Test
  void positionsAreUnsigned() {
    short[] dims = {0, 32_767, (short) 32_768, (short) 65_534};
    SparseTable table = new SparseTable(65_535, new int[] {0, 4}, dims, new float[] {1, 2, 3, 4});
    table.validate();
    assertThat(table.dim(2)).isEqualTo(32_768);
    assertThat(table.dim(3)).isEqualTo(65_534);
    float[] dense = new float[65_535];
    table.scatter(0, dense);
    assertThat(dense[65_534]).isEqualTo(4);
  }

  @Test
  void anEmptyTableHoldsNothing() {
    SparseTable table = SparseTable.empty(5, 3);
    table.validate();
    assertThat(table.rows()).isEqualTo(3);
    assertThat(table.stored()).isZero();
    assertThat(table.stored(2)).isZero();
    assertThat(SparseTable.empty(1, 0).rows()).isZero();
  }

  @Test
  void otherValuesKeepThePositions() {
    SparseTable table = random(9, 4, 0.5);
    float[] values = new float[table.stored()];
    SparseTable other = table.withWeights(values);
    assertThat(other.dims()).isSameAs(table.dims());
    assertThat(other.rowOffsets()).isSameAs(table.rowOffsets());
    assertThat(other.weights()).isSameAs(values);
    assertThatThrownBy(() -> table.withWeights(new float[table.stored() + 1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -5, 65_536})
  void refusesARankOutsideItsRange(int rank) {
    assertThatThrownBy(() -> SparseTable.empty(rank, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rank is " + rank + "; it must lie between 1 and 65535");
  }

  @Test
  void refusesArraysThatDoNotFit() {
    assertRefused(new int[0], 0, 0);
    assertRefused(new int[] {1, 2}, 2, 2);
    assertRefused(new int[] {0, 2}, 3, 3);
    assertRefused(new int[] {0, 2}, 2, 3);
  }

  private static void assertRefused(int[] offsets, int dims, int weights) {
    assertThatThrownBy(() -> new SparseTable(4, offsets, new short[dims], new float[weights]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("do not form one table");
  }

  @Test
  void validateNamesTheRowThatBreaksARule() {
    assertInvalid(new int[] {0, 1, 3}, new short[] {3, 2, 2}, 1, "row 1 holds dimension 2 out of");
    assertInvalid(new int[] {0, 1, 3}, new short[] {3, 2, 1}, 1, "row 1 holds dimension 1 out of");
    assertInvalid(new int[] {0, 1, 3}, new short[] {4, 0, 1}, 1, "row 0 holds dimension 4 out of");
    assertInvalid(new int[] {0, 1, 3}, new short[] {-1, 0, 1}, 1, "row 0 holds dimension 65535");
    assertInvalid(new int[] {0, 2, 1, 3}, new short[] {0, 1, 2}, 1, "row 1 begins at 2 and ends");
    assertInvalid(new int[] {0, 9, 3}, new short[] {0, 1, 2}, 1, "row 0 begins at 0 and ends at 9");
    assertInvalid(
        new int[] {0, 1, 3}, new short[] {0, 1, 2}, Float.NaN, "row 0 holds NaN at dimension 0");
    assertInvalid(
        new int[] {0, 0, 3},
        new short[] {0, 1, 3},
        Float.NEGATIVE_INFINITY,
        "row 1 holds -Infinity at dimension 0");
  }

  private static void assertInvalid(int[] offsets, short[] dims, float first, String message) {
    SparseTable table = new SparseTable(4, offsets, dims, new float[] {first, 1, 1});
    assertThatThrownBy(table::validate)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void rowsNeedNotAscendAgainstEachOther() {
    SparseTable table =
        new SparseTable(4, new int[] {0, 2, 4}, new short[] {2, 3, 0, 1}, new float[4]);
    assertThatCode(table::validate).doesNotThrowAnyException();
  }
}
