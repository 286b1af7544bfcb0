package dev.coppice.core.als;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowCodeTest {

  @ParameterizedTest
  @CsvSource({
    "1, 2147483647",
    "2, 1073741823",
    "3, 536870911",
    "4, 536870911",
    "5, 268435455",
    "64, 33554431",
    "65, 16777215",
    "65536, 32767"
  })
  void leavesTheBitsThatBlocksDoNotNeed(int blocks, int largestLocal) {
    RowCode code = RowCode.forBlocks(blocks);
    for (int block : new int[] {0, blocks / 2, blocks - 1}) {
      for (int local : new int[] {0, 1, largestLocal / 3, largestLocal}) {
        int written = code.encode(block, local);
        assertThat(written).isNotNegative();
        assertThat(code.block(written)).isEqualTo(block);
        assertThat(code.local(written)).isEqualTo(local);
      }
    }
    if (blocks > 1) {
      assertThatThrownBy(() -> code.encode(0, largestLocal + 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "a block holds more than "
                  + (largestLocal + 1L)
                  + " rows; raise numBlocks so that blocks are smaller");
    }
    assertThatThrownBy(() -> code.encode(0, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ordersByBlockThenByRow() {
    RowCode code = RowCode.forBlocks(7);
    int before = -1;
    for (int block = 0; block < 7; block++) {
      for (int local = 0; local < 50; local++) {
        int written = code.encode(block, local);
        assertThat(written).isGreaterThan(before);
        before = written;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65_537})
  void refusesANumberOfBlocksOutsideItsRange(int blocks) {
    assertThatThrownBy(() -> RowCode.forBlocks(blocks))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("numBlocks is " + blocks + "; it must lie between 1 and 65536");
  }
}
