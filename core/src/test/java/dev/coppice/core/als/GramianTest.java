package dev.coppice.core.als;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.table.SparseTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GramianTest {

  private static double[] naive(int rank, List<SparseTable> blocks) {
    double[] sum = new double[rank * rank];
    for (SparseTable block : blocks) {
      for (int row = 0; row < block.rows(); row++) {
        float[] dense = new float[rank];
        block.scatter(row, dense);
        for (int a = 0; a < rank; a++) {
          for (int b = 0; b < rank; b++) {
            sum[a * rank + b] += (double) dense[a] * dense[b];
          }
        }
      }
    }
    return sum;
  }

  private static double[] gramian(int rank, List<SparseTable> blocks) {
    Gramian gramian = new Gramian(rank);
    double[] scratch = Gramian.scratch(rank);
    blocks.forEach(block -> gramian.add(block, scratch));
    return gramian.toMatrix();
  }

  private static List<SparseTable> blocks(int rank, double density) {
    List<SparseTable> blocks = new ArrayList<>();
    for (int b = 0; b < 9; b++) {
      blocks.add(RandomTables.of(rank, 3 * b, density, b));
    }
    return blocks;
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 0.5", "7, 0.4", "8, 1", "17, 0.1", "64, 0.9"})
  void isTheSumOfOuterProducts(int rank, double density) {
    List<SparseTable> blocks = blocks(rank, density);
    double[] expected = naive(rank, blocks);
    double[] actual = gramian(rank, blocks);
    for (int i = 0; i < expected.length; i++) {
      // Each of nine blocks is rounded to a multiple of 2^-36.
      assertThat(actual[i]).isCloseTo(expected[i], within(9 * 0x1p-37 + 1e-12));
    }
  }

  @Test
  void doesNotDependOnTheOrderOfTheBlocks() {
    List<SparseTable> blocks = blocks(13, 0.5);
    double[] forward = gramian(13, blocks);
    List<SparseTable> reversed = new ArrayList<>(blocks);
    Collections.reverse(reversed);
    assertThat(gramian(13, reversed)).isEqualTo(forward);

    Gramian left = new Gramian(13);
    Gramian right = new Gramian(13);
    double[] scratch = Gramian.scratch(13);
    Arrays.fill(scratch, 99);
    for (int b = 0; b < blocks.size(); b++) {
      (b % 3 == 0 ? left : right).add(blocks.get(b), scratch);
    }
    right.add(left);
    assertThat(right.toMatrix()).isEqualTo(forward);
  }

  @Test
  void fullRowsAddTheSameAsSparseOnes() {
    // The same values once as full rows of rank 5 and once as sparse rows of rank 6.
    SparseTable full = RandomTables.of(5, 20, 1, 3);
    SparseTable wider = new SparseTable(6, full.rowOffsets(), full.dims(), full.weights());
    double[] a = gramian(5, List.of(full));
    double[] b = gramian(6, List.of(wider));
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 5; j++) {
        assertThat(a[i * 5 + j]).isEqualTo(b[i * 6 + j]);
      }
    }
  }

  @Test
  void isSymmetricAndEmptyForNoRows() {
    double[] g = gramian(11, blocks(11, 0.6));
    for (int i = 0; i < 11; i++) {
      for (int j = 0; j < 11; j++) {
        assertThat(g[i * 11 + j]).isEqualTo(g[j * 11 + i]);
      }
    }
    assertThat(gramian(3, List.of(SparseTable.empty(3, 5)))).containsOnly(0);
  }

  @Test
  void saysThatWeightsDiverge() {
    SparseTable large = full(8_200f);
    assertThatThrownBy(() -> gramian(1, List.of(large)))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("the Gramian of a block reaches 6.724E7, beyond 6.7e7")
        .hasMessageContaining("raise regParam");
    assertThatThrownBy(() -> gramian(1, List.of(full(Float.NaN))))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("reaches NaN");
    SparseTable justBelow = full(8_190f);
    assertThat(gramian(1, List.of(justBelow))).containsExactly(8_190.0 * 8_190);
    assertThatThrownBy(() -> gramian(1, List.of(justBelow, justBelow, justBelow)))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("beyond 1.3e8: the weights diverge; raise regParam");
    Gramian sum = new Gramian(1);
    sum.add(justBelow, new double[1]);
    sum.add(sum);
    assertThatThrownBy(() -> sum.add(sum)).hasMessageContaining("beyond 1.3e8");
  }

  private static SparseTable full(float weight) {
    return new SparseTable(1, new int[] {0, 1}, new short[1], new float[] {weight});
  }

  @Test
  void refusesARankWhoseMatrixFitsNoArray() {
    assertThatThrownBy(() -> new Gramian(46_341))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rank is 46341")
        .hasMessageContaining("at most 46340");
  }
}
