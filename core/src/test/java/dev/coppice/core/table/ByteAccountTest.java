package dev.coppice.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ByteAccountTest {

  @Test
  void countsSixBytesAWeightAndFourARow() {
    ByteAccount account = ByteAccount.of(10, 128);
    assertThat(account).isEqualTo(new ByteAccount(10, 128, 512, 256, 40, 0, 0));
    assertThat(account.tableBytes()).isEqualTo(808);
  }

  @Test
  void explorationIsNoPartOfTheTable() {
    ByteAccount account = ByteAccount.of(10, 128).withExploration(1000);
    assertThat(account.tableBytes()).isEqualTo(808);
    assertThat(account.explorationBytes()).isEqualTo(1000);
  }

  @Test
  void addsEveryPart() {
    ByteAccount sum =
        ByteAccount.of(1, 2).withExploration(3).plus(ByteAccount.of(10, 20).withExploration(30));
    assertThat(sum).isEqualTo(new ByteAccount(11, 22, 88, 44, 44, 33, 0));
  }

  @Test
  void countsBeyondTheRangeOfInt() {
    assertThat(ByteAccount.of(1L << 32, 1L << 36).tableBytes()).isEqualTo((6L << 36) + (4L << 32));
    assertThat(ByteAccount.denseBytes(1_000_000_000L, 65_535)).isEqualTo(262_140_000_000_000L);
  }

  @Test
  void isWhatTheArraysOfATableTake() {
    SparseTable table =
        new SparseTable(8, new int[] {0, 2, 2, 3}, new short[] {1, 7, 0}, new float[] {1, 2, 3});
    assertThat(table.bytes().tableBytes())
        .isEqualTo(4L * table.weights().length + 2L * table.dims().length + 4L * table.rows());
  }
}
