package dev.coppice.core.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.table.Budget;
import dev.coppice.core.table.SparseTable;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of an initial model meet the new budget, by the rule as it is written, done with a sort. */
class BudgetFitTest {
  private static final int RANK = 9;

  /** A table with what is known of its rows; weights repeat, so that there are ties. */
  private record Given(boolean[] known, boolean[] idle, SparseTable table) {

    static Given random(int rows, double newShare, double idleShare, int longest, int seed) {
      boolean[] known = new boolean[rows];
      boolean[] idle = new boolean[rows];
      int[] offsets = new int[rows + 1];
      List<Integer> dims = new ArrayList<>();
      for (int row = 0; row < rows; row++) {
        known[row] = SeedStream.uniform(seed, Purpose.SAMPLE, row, 0) >= newShare;
        idle[row] = known[row] && SeedStream.uniform(seed, Purpose.SAMPLE, row, 1) < idleShare;
        int length = known[row] ? SeedStream.below(longest + 1, seed, Purpose.SAMPLE, row, 2) : 0;
        for (int dim = RANK - length; dim < RANK; dim++) {
          dims.add(dim);
        }
        offsets[row + 1] = dims.size();
      }
      short[] positions = new short[dims.size()];
      float[] weights = new float[dims.size()];
      for (int p = 0; p < positions.length; p++) {
        positions[p] = (short) (int) dims.get(p);
        weights[p] = 0.25f * (SeedStream.below(9, seed, Purpose.SAMPLE, p, 3) - 4);
      }
      return new Given(known, idle, new SparseTable(RANK, offsets, positions, weights));
    }

    Given rows(int from, int to) {
      int[] offsets = new int[to - from + 1];
      for (int row = from; row < to; row++) {
        offsets[row - from + 1] = table.end(row) - table.begin(from);
      }
      int begin = from == to ? 0 : table.begin(from);
      int end = from == to ? 0 : table.end(to - 1);
      return new Given(
          Arrays.copyOfRange(known, from, to),
          Arrays.copyOfRange(idle, from, to),
          new SparseTable(
              RANK,
              offsets,
              Arrays.copyOfRange(table.dims(), begin, end),
              Arrays.copyOfRange(table.weights(), begin, end)));
    }
  }

  private static long[] ids(int from, int to) {
    long[] ids = new long[to - from];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = 100L + from + i;
    }
    return ids;
  }

  /** Fits the rows in blocks that end at {@code cuts}; returns one table of each row. */
  private static List<SparseTable> fit(Given given, Budget budget, int minWeights, int... cuts) {
    List<InitialBlock> blocks = new ArrayList<>();
    List<long[]> ids = new ArrayList<>();
    int from = 0;
    for (int to : cuts) {
      Given part = given.rows(from, to);
      InitialBlock block =
          new InitialBlock(
              budget, from, minWeights, false, part.known(), part.idle(), part.table());
      blocks.add(block);
      ids.add(ids(from, to));
      from = to;
    }
    BudgetFit.Cut cut = LocalFit.cut(budget.weights(), blocks);
    List<SparseTable> rows = new ArrayList<>();
    for (int b = 0; b < blocks.size(); b++) {
      SparseTable table = blocks.get(b).fit(cut, ids.get(b), 5);
      table.validate();
      for (int row = 0; row < table.rows(); row++) {
        short[] dims = table.rowDims(row);
        rows.add(new SparseTable(RANK, new int[] {0, dims.length}, dims, table.rowWeights(row)));
      }
    }
    return rows;
  }

  private record Position(int row, int dim, float weight) {}

  /** The rule, by sorting all weights and adding one slot at a time. */
  private static int[] naiveLengths(
      Given given, Budget budget, int minWeights, List<Position> pruned) {
    SparseTable table = given.table();
    int rows = table.rows();
    int[] lengths = new int[rows];
    long sum = 0;
    List<Position> prunable = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      lengths[row] = table.stored(row);
      if (!given.known()[row]) {
        lengths[row] = budget.startWeights(row);
      } else if (!given.idle()[row]) {
        lengths[row] = Math.max(lengths[row], minWeights);
        List<Position> mine = new ArrayList<>();
        for (int p = table.begin(row); p < table.end(row); p++) {
          mine.add(new Position(row, table.dim(p), Math.abs(table.weights()[p])));
        }
        mine.sort(Comparator.comparing(Position::weight).thenComparing(Position::dim));
        prunable.addAll(mine.subList(0, Math.max(0, mine.size() - minWeights)));
      }
      sum += lengths[row];
    }
    prunable.sort(
        Comparator.comparing(Position::weight)
            .thenComparing(
                (a, b) ->
                    Long.compareUnsigned(
                        ScoreKey.tie(b.row(), b.dim()), ScoreKey.tie(a.row(), a.dim()))));
    for (; sum > budget.weights(); sum--) {
      Position next = prunable.remove(0);
      pruned.add(next);
      lengths[next.row()]--;
    }
    for (; sum < budget.weights(); sum++) {
      int shortest = -1;
      for (int row = 0; row < rows; row++) {
        boolean open = lengths[row] < RANK && (!given.idle()[row] || full(given, lengths));
        if (open
            && (shortest < 0
                || lengths[row] < lengths[shortest]
                || (lengths[row] == lengths[shortest]
                    && Long.compareUnsigned(
                            ScoreKey.tie(row, lengths[row] + 1),
                            ScoreKey.tie(shortest, lengths[row] + 1))
                        > 0))) {
          shortest = row;
        }
      }
      lengths[shortest]++;
    }
    return lengths;
  }

  private static boolean full(Given given, int[] lengths) {
    return IntStream.range(0, lengths.length)
        .allMatch(row -> given.idle()[row] || lengths[row] == RANK);
  }

  @ParameterizedTest(name = "{0} rows, new {1}, idle {2}, longest {3}, density {4}, min {5}")
  @CsvSource({
    "1,0,0,9,0.4,1", // one row, pruned
    "1,1,0,9,0.4,1", // one new row
    "40,0.3,0,9,0.34,1", // pruned
    "40,0.3,0,9,0.34,3", // pruned, short rows lengthened to the least
    "40,0.3,0,3,0.7,0", // lengthened
    "40,0.3,0.2,9,0.5,1", // rows without interactions
    "40,0,0,9,1,1", // filled up
    "41,0.9,0,9,0.12,1", // hardly anything known
    "64,0,0.9,4,0.6,0", // idle rows have to be lengthened
  })
  void followsTheRuleToTheSingleWeight(
      int rows, double newShare, double idleShare, int longest, double density, int minWeights) {
    for (int seed = 1; seed <= 8; seed++) {
      Given given = Given.random(rows, newShare, idleShare, longest, seed);
      Budget budget = Budget.of(density, RANK, rows);
      List<Position> pruned = new ArrayList<>();
      int[] lengths = naiveLengths(given, budget, minWeights, pruned);
      List<SparseTable> fitted = fit(given, budget, minWeights, rows);
      assertThat(fitted.stream().mapToInt(SparseTable::stored).toArray()).isEqualTo(lengths);
      assertThat(Arrays.stream(lengths).sum()).isEqualTo((int) budget.weights());
      for (int row = 0; row < rows; row++) {
        checkRow(given, row, fitted.get(row), pruned);
      }
    }
  }

  /** Known weights stay unless pruned; what is added is 0 in known rows, drawn in new ones. */
  private static void checkRow(Given given, int row, SparseTable fitted, List<Position> pruned) {
    float[] before = new float[RANK];
    given.table().scatter(row, before);
    pruned.stream().filter(p -> p.row() == row).forEach(p -> before[p.dim()] = 0);
    float[] after = new float[RANK];
    fitted.scatter(0, after);
    if (given.known()[row]) {
      assertThat(after).as("row %d", row).isEqualTo(before);
    } else {
      for (float weight : fitted.weights()) {
        assertThat(weight).isNotZero();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0.3", "0.5", "0.9"})
  void doesNotDependOnBlocks(double density) {
    Given given = Given.random(50, 0.2, 0.1, 9, 4);
    Budget budget = Budget.of(density, RANK, 50);
    List<SparseTable> whole = fit(given, budget, 1, 50);
    List<SparseTable> parts = fit(given, budget, 1, 0, 1, 17, 17, 50);
    for (int row = 0; row < 50; row++) {
      assertThat(parts.get(row).dims()).isEqualTo(whole.get(row).dims());
      assertThat(parts.get(row).weights()).isEqualTo(whole.get(row).weights());
    }
  }

  @Test
  void aStartFromNothingIsTheFreshStart() {
    Given nothing = Given.random(30, 1, 0, 9, 1);
    Budget budget = Budget.of(0.37, RANK, 30);
    SparseTable fresh = InitialMask.uniform(budget, 0, ids(0, 30), 5);
    List<SparseTable> fitted = fit(nothing, budget, 1, 30);
    for (int row = 0; row < 30; row++) {
      assertThat(fitted.get(row).dims()).isEqualTo(fresh.rowDims(row));
      assertThat(fitted.get(row).weights()).isEqualTo(fresh.rowWeights(row));
    }
  }

  @Test
  void refusesRowsThatLeaveTooLittle() {
    Given given = Given.random(40, 0.1, 0.9, 9, 2);
    assertThatThrownBy(() -> fit(given, Budget.of(0.2, RANK, 40), 1, 40))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the budget is 72")
        .hasMessageContaining("raise density");
  }
}
