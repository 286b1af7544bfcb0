package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.Objectives;
import dev.coppice.core.linalg.Cholesky;
import dev.coppice.core.table.ByteAccount;
import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.ModelInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;

class FoldInTest {
  private static final int RANK = HandMade.RANK;

  private static ModelInfo info(AlsObjective objective, double density) {
    ByteAccount none = ByteAccount.of(0, 0);
    return new ModelInfo(
        RANK, density, 0, 0, objective, 2, 0, 0, 0, 0, none, none, "", Map.of(), Map.of());
  }

  /** The dense normal equations: (a0 G + sum c q q^T + reg I) w = sum c t q. */
  private static double[] dense(HandMade made, AlsObjective objective, int[] items, float[] t) {
    int width = Cholesky.width(RANK);
    double[] system = new double[Cholesky.size(RANK)];
    double[] solution = new double[RANK];
    double reg = objective.regularisation(items.length, made.items.length);
    for (int a = 0; a < RANK; a++) {
      system[a * width + a] += reg;
      for (int b = 0; b < RANK; b++) {
        for (float[] q : made.items) {
          system[a * width + b] += objective.unobservedWeight() * q[a] * q[b];
        }
        for (int i : items) {
          system[a * width + b] += 2.0 * made.items[i][a] * made.items[i][b];
        }
      }
      for (int n = 0; n < items.length; n++) {
        system[a * width + RANK] += 2.0 * t[n] * made.items[items[n]][a];
      }
    }
    assertThat(Cholesky.factor(system, RANK)).isNegative();
    Cholesky.solve(system, RANK, solution);
    return solution;
  }

  private static double[] solved(DynamicSparseALSModel model, Object user) {
    Row row = model.userRows().where(functions.col("id").equalTo(user)).head();
    double[] weights = new double[RANK];
    List<Short> dims = row.getList(1);
    List<Float> values = row.getList(2);
    for (int p = 0; p < dims.size(); p++) {
      weights[dims.get(p)] = values.get(p);
    }
    return weights;
  }

  private static Dataset<Row> pairs(HandMade made, int... items) {
    Dataset<Row> all = made.pairs(Set.of(List.of(0, items[0])));
    for (int i : items) {
      all = all.union(made.pairs(Set.of(List.of(0, i))));
    }
    return all.dropDuplicates();
  }

  @Test
  void denseImplicitSolvesTheNormalEquations() {
    HandMade made = new HandMade(IdType.STRING, 3, 40, 5);
    AlsObjective objective = AlsObjective.implicit(0.1, 0.05, 0.7, 0, 0);
    DynamicSparseALSModel folded =
        made.model(3).withInfo(info(objective, 1)).foldIn(pairs(made, 3, 8, 20, 31));
    double[] expected = dense(made, objective, new int[] {3, 8, 20, 31}, new float[] {1, 1, 1, 1});
    double[] found = solved(folded, made.userId(0));
    for (int d = 0; d < RANK; d++) {
      assertThat(found[d]).as("dimension %d", d).isCloseTo(expected[d], within(1e-6));
    }
    assertThat(folded.userRows().count()).isEqualTo(1);
  }

  @Test
  void denseExplicitSolvesTheNormalEquations() {
    HandMade made = new HandMade(IdType.INT, 3, 40, 5);
    AlsObjective objective = Objectives.explicit(0.05, 1);
    Dataset<Row> data = pairs(made, 3, 8).withColumn("r", functions.lit(4.5));
    DynamicSparseALSModel folded = made.model(3).withInfo(info(objective, 1)).foldIn(data, "r");
    double[] expected = dense(made, objective, new int[] {3, 8}, new float[] {4.5f, 4.5f});
    double[] found = solved(folded, made.userId(0));
    for (int d = 0; d < RANK; d++) {
      assertThat(found[d]).isCloseTo(expected[d], within(1e-6));
    }
  }

  @Test
  void supportStaysWithinItsShareAndSeenItemsAreLeftOut() {
    HandMade made = new HandMade(IdType.LONG, 3, 40, 5);
    AlsObjective objective = AlsObjective.implicit(0.1, 0.05, 0.7, 0.5, 0.3);
    DynamicSparseALSModel model = made.model(3).withInfo(info(objective, 0.4));
    Dataset<Row> data = made.pairs(made.randomPairs(30, 2));
    DynamicSparseALSModel folded = model.foldIn(data);
    for (Row row : folded.userRows().collectAsList()) {
      assertThat(row.getList(1)).hasSizeLessThanOrEqualTo(3);
    }
    Row first = model.recommendForNewUsers(data, 40).sort("u").head();
    Set<List<Integer>> known = made.randomPairs(30, 2);
    for (Row entry : first.<Row>getList(1)) {
      int item = (int) ((entry.getLong(0) + 7) / 3_000_000_000L);
      int user = (int) ((first.getLong(0) - 1000) / 3_000_000_000L);
      assertThat(known).doesNotContain(List.of(user, item));
    }
    assertThat(folded.userRows().sort("id").collectAsList())
        .isEqualTo(
            made.model(1)
                .withInfo(info(objective, 0.4))
                .setNumPartitions(7)
                .foldIn(data.repartition(5))
                .userRows()
                .sort("id")
                .collectAsList());
  }

  @Test
  void refusesWeightsThatAreNoNumbers() {
    HandMade made = new HandMade(IdType.INT, 3, 10, 5);
    Dataset<Row> data = pairs(made, 3).withColumn("r", functions.lit(Double.NaN));
    assertThatThrownBy(() -> made.model(1).foldIn(data, "r").userRows().count())
        .isInstanceOf(SparkException.class)
        .hasStackTraceContaining("has weight NaN");
  }
}
