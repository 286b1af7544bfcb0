package dev.coppice.spark.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.table.Budget;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.spark.TestSpark;
import dev.coppice.spark.table.RowTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PruningTest {
  private static final int ROWS = 37;
  private static final int RANK = 5;

  private final float[][] table = new float[ROWS][RANK];

  PruningTest() {
    for (int r = 0; r < ROWS; r++) {
      for (int d = 0; d < RANK; d++) {
        // No two scores are equal: 1009 is prime, and larger than the number of positions.
        int value = 1 + (r * RANK + d) * 271 % 1009;
        table[r][d] = SeedStream.below(2, 1, Purpose.SAMPLE, r, d) == 0 ? value : -value;
      }
    }
  }

  private RowTable rows(int partitions) {
    StructType schema =
        new StructType()
            .add("id", DataTypes.StringType, false)
            .add("dims", DataTypes.createArrayType(DataTypes.ShortType, false), false)
            .add("weights", DataTypes.createArrayType(DataTypes.FloatType, false), false);
    List<Row> rows = new ArrayList<>();
    for (int r = 0; r < ROWS; r++) {
      rows.add(RowFactory.create(id(r), new short[] {0, 1, 2, 3, 4}, table[r]));
    }
    return new RowTable(
        "rows", TestSpark.session().createDataFrame(rows, schema).repartition(partitions));
  }

  private static String id(int row) {
    return String.valueOf(row - 5);
  }

  /** The positions that are kept, as "id:dim:weight". */
  private static Set<String> positions(RowTable pruned) {
    Set<String> positions = new TreeSet<>();
    for (Row row : pruned.rows().select("id", "dims", "weights").collectAsList()) {
      List<Short> dims = row.getList(1);
      List<Float> weights = row.getList(2);
      for (int i = 0; i < dims.size(); i++) {
        positions.add(row.getString(0) + ":" + dims.get(i) + ":" + weights.get(i));
      }
    }
    return positions;
  }

  /** The largest of each row, and of the others the largest of all. */
  private Set<String> naive(float[] lengths, int budget, int least) {
    record Position(int row, int dim, float score) {}
    List<Position> kept = new ArrayList<>();
    List<Position> rest = new ArrayList<>();
    for (int r = 0; r < ROWS; r++) {
      List<Position> row = new ArrayList<>();
      for (int d = 0; d < RANK; d++) {
        row.add(new Position(r, d, Math.abs(table[r][d]) * lengths[d]));
      }
      row.sort(Comparator.comparing(Position::score).reversed());
      kept.addAll(row.subList(0, least));
      rest.addAll(row.subList(least, RANK));
    }
    rest.sort(Comparator.comparing(Position::score).reversed());
    kept.addAll(rest.subList(0, budget - kept.size()));
    Set<String> positions = new TreeSet<>();
    kept.forEach(p -> positions.add(id(p.row()) + ":" + p.dim() + ":" + table[p.row()][p.dim()]));
    return positions;
  }

  @ParameterizedTest
  @CsvSource({"0.3, 1, 1", "0.3, 0, 2", "0.77, 2, 7", "1, 1, 3", "0.2, 1, 2"})
  void keepsTheLargestScoresToTheSingleWeight(double density, int least, int partitions) {
    float[] lengths = {1, 3, 0.5f, 2, 7};
    Budget budget = Budget.of(density, RANK, ROWS);
    RowTable pruned = Pruning.prune(rows(partitions), lengths, budget, least);
    Set<String> positions = positions(pruned);
    assertThat(positions).hasSize((int) budget.weights());
    assertThat(positions).isEqualTo(naive(lengths, (int) budget.weights(), least));
  }

  @Test
  void equalScoresAreCutToTheBudgetTooAndAlikeInAnyPartitions() {
    for (float[] row : table) {
      java.util.Arrays.fill(row, 1);
    }
    float[] lengths = {1, 1, 1, 1, 1};
    Budget budget = Budget.of(0.5, RANK, ROWS);
    Set<String> one = positions(Pruning.prune(rows(1), lengths, budget, 1));
    assertThat(one).hasSize((int) budget.weights());
    assertThat(positions(Pruning.prune(rows(7), lengths, budget, 1))).isEqualTo(one);
  }

  @Test
  void rowsThatKeepTooMuchAreAnError() {
    float[] lengths = {1, 1, 1, 1, 1};
    assertThatThrownBy(() -> Pruning.prune(rows(2), lengths, Budget.of(0.3, RANK, ROWS), 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("minWeightsPerRow = 2");
  }

  @Test
  void columnLengthsAreTheRootsOfTheSquares() {
    float[] lengths = Pruning.columnLengths(rows(3), RANK);
    for (int d = 0; d < RANK; d++) {
      double sum = 0;
      for (float[] row : table) {
        sum += (double) row[d] * row[d];
      }
      assertThat((double) lengths[d]).isCloseTo(Math.sqrt(sum), within(1e-3));
    }
    assertThat(Pruning.columnLengths(rows(7), RANK)).isEqualTo(lengths);
  }
}
