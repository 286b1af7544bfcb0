package dev.coppice.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.table.SparseTable;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockCodecTest {
  /** Rows with {@code perRow} weights each; some weights are denormal or negative zero. */
  private static BlockRows rows(int rows, int perRow) {
    int rank = SparseTable.MAX_RANK;
    int[] offsets = new int[rows + 1];
    short[] dims = new short[rows * perRow];
    float[] weights = new float[rows * perRow];
    for (int row = 0; row < rows; row++) {
      offsets[row + 1] = (row + 1) * perRow;
      for (int i = 0; i < perRow; i++) {
        int p = row * perRow + i;
        dims[p] = (short) (rank - perRow + i);
        weights[p] = (float) SeedStream.uniform(1, Purpose.GENERATE, row, i);
      }
    }
    if (weights.length > 1) {
      weights[0] = -0f;
      weights[1] = Float.MIN_VALUE;
    }
    return new BlockRows(7, -123, new SparseTable(rank, offsets, dims, weights));
  }

  private static byte[] bytes(BlockRows rows) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BlockCodec.write(rows, out, "file", 0);
    return out.toByteArray();
  }

  @ParameterizedTest(name = "{0} rows of {1} weights")
  @CsvSource({"0,0", "1,0", "1,1", "3,5", "129,127", "16383,1", "16385,3"})
  void everyBitComesBack(int rows, int perRow) throws IOException {
    BlockRows written = rows(rows, perRow);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StoredBlock stored = BlockCodec.write(written, out, "file", 11);
    assertThat(stored.length()).isEqualTo(out.size());
    assertThat(stored.offset()).isEqualTo(11);
    BlockRows read = BlockCodec.read(new ByteArrayInputStream(out.toByteArray()), stored);
    assertThat(read.block()).isEqualTo(7);
    assertThat(read.ids()).isEqualTo(-123);
    assertThat(read.table().rank()).isEqualTo(written.table().rank());
    assertThat(read.table().rowOffsets()).isEqualTo(written.table().rowOffsets());
    assertThat(read.table().dims()).isEqualTo(written.table().dims());
    assertThat(bits(read.table().weights())).isEqualTo(bits(written.table().weights()));
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  @Test
  void anyChangedByteAndAnyLengthIsFound() throws IOException {
    BlockRows rows = rows(2, 3);
    byte[] whole = bytes(rows);
    StoredBlock stored = BlockCodec.write(rows, new ByteArrayOutputStream(), "file", 0);
    for (int i = 0; i < whole.length; i++) {
      byte[] changed = whole.clone();
      changed[i] ^= 0x10;
      byte[] cut = Arrays.copyOf(whole, i);
      assertThatThrownBy(() -> BlockCodec.read(new ByteArrayInputStream(changed), stored))
          .as("byte %d", i)
          .isInstanceOf(DamagedBlockException.class);
      assertThatThrownBy(() -> BlockCodec.read(new ByteArrayInputStream(cut), stored))
          .as("cut at %d", i)
          .isInstanceOf(DamagedBlockException.class)
          .hasMessage("it is cut off");
    }
  }

  @Test
  void idsAreToldApartByOrderAndValue() {
    int sum = BlockRows.checksum(new long[] {1, 2});
    assertThat(BlockRows.checksum(new long[] {1, 2})).isEqualTo(sum);
    assertThat(BlockRows.checksum(new long[] {2, 1})).isNotEqualTo(sum);
    assertThat(BlockRows.checksum(new long[] {1, 3})).isNotEqualTo(sum);
  }
}
