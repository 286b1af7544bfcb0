package dev.coppice.spark.als;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.core.als.InteractionBlock;
import dev.coppice.core.als.RowCode;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NeededRowsTest {
  /** Observations of one row, ascending by code, some rows more than once. */
  private static InteractionBlock block(int observations, int numBlocks, int rows, RowCode code) {
    int[] codes =
        IntStream.range(0, observations)
            .map(
                i ->
                    code.encode(
                        SeedStream.below(numBlocks, 1, Purpose.SAMPLE, i, 0),
                        SeedStream.below(rows, 2, Purpose.SAMPLE, i, 1)))
            .sorted()
            .toArray();
    return new InteractionBlock(
        0, new long[] {7}, new int[] {0, observations}, codes, new float[observations], null);
  }

  @ParameterizedTest
  @CsvSource({"0,1,1", "1,1,1", "50,1,10", "200,5,17", "300,64,3", "400,7,100000"})
  void namesLeadToTheSameRows(int observations, int numBlocks, int rows) {
    RowCode code = RowCode.forBlocks(numBlocks);
    InteractionBlock block = block(observations, numBlocks, rows, code);
    NeededRows needed = NeededRows.of(block, code, numBlocks);
    InteractionBlock named = needed.named(block);
    for (int i = 0; i < observations; i++) {
      int source = code.block(named.codes()[i]);
      assertThat(source).isEqualTo(code.block(block.codes()[i]));
      assertThat(needed.rows(source)[code.local(named.codes()[i])])
          .isEqualTo(code.local(block.codes()[i]));
    }
    assertThat(named.codes()).isSorted();
    assertThat(IntStream.range(0, numBlocks).map(b -> needed.rows(b).length).sum())
        .isEqualTo(Arrays.stream(block.codes()).distinct().count());
    for (int b = 0; b < numBlocks; b++) {
      assertThat(needed.rows(b)).isSorted();
    }
    assertThat(named.confidences()).isSameAs(block.confidences());
    assertThat(named.ids()).isSameAs(block.ids());
  }
}
