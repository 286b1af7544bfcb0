package dev.coppice.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.TestSpark;
import dev.coppice.spark.table.ModelInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/**
 * Four dimensions, and as many communities: user u and item i like each other if u and i are equal
 * modulo 4. A model that knows this puts the two items of the community on top.
 */
class RegressionGateTest {
  private static final int ITEMS = 8;
  private static final RegressionGate GATE = new RegressionGate(MetricKey.parse("recall@2"), 0.25);

  private static DynamicSparseALSModel model(
      DataType idType, int firstUser, int users, IntUnaryOperator userDimension) {
    return new DynamicSparseALSModel(
            "gate",
            ModelInfo.of(4, AlsObjective.implicit(0.1, 0.01, 1, 0, 0)),
            rows(idType, "u", firstUser, users, userDimension),
            rows(idType, "i", 0, ITEMS, i -> i % 4))
        .setUserCol("someone")
        .setItemCol("something");
  }

  private static DynamicSparseALSModel model(int users, IntUnaryOperator userDimension) {
    return model(DataTypes.StringType, 0, users, userDimension);
  }

  private static Dataset<Row> rows(
      DataType idType, String prefix, int first, int count, IntUnaryOperator dimension) {
    StructType schema =
        new StructType()
            .add("id", idType, false)
            .add("dims", DataTypes.createArrayType(DataTypes.ShortType, false), false)
            .add("weights", DataTypes.createArrayType(DataTypes.FloatType, false), false);
    List<Row> rows = new ArrayList<>();
    for (int r = first; r < first + count; r++) {
      Object id = idType.equals(DataTypes.StringType) ? prefix + r : (Object) (long) r;
      short[] dims = {(short) dimension.applyAsInt(r)};
      rows.add(RowFactory.create(id, dims, new float[] {1}));
    }
    return TestSpark.session().createDataFrame(rows, schema);
  }

  /** User u has seen item u modulo 4 and wants the other one of the community. */
  private static Dataset<Row> pairs(boolean seen, int users, String userPrefix, String itemPrefix) {
    StructType schema =
        new StructType().add("user", DataTypes.StringType).add("item", DataTypes.StringType);
    List<Row> rows =
        IntStream.range(0, users)
            .mapToObj(u -> RowFactory.create(userPrefix + u, itemPrefix + (u % 4 + (seen ? 0 : 4))))
            .toList();
    return TestSpark.session().createDataFrame(rows, schema);
  }

  private static Verdict compare(
      DynamicSparseALSModel candidate, DynamicSparseALSModel published, int users) {
    return GATE.compare(
            candidate,
            published,
            "old",
            pairs(true, users, "u", "i"),
            pairs(false, users, "u", "i"))
        .verdict();
  }

  @Test
  void modelThatIsAsGoodPasses() {
    Verdict verdict = compare(model(12, u -> u % 4), model(12, u -> u % 4), 12);
    assertThat(verdict.value()).isEqualTo(1);
    assertThat(verdict.publishedValue()).isEqualTo(1);
    assertThat(verdict.users()).isEqualTo(12);
    assertThat(verdict.newUsers()).isZero();
    assertThat(verdict.passed()).isTrue();
    assertThat(verdict.inWords()).contains("recall@2 1.00000", "(old)", "at least 0.75000");
  }

  @Test
  void regressionIsAShareOfThePublishedMetric() {
    // 3 of 12 users lose everything: 1 to .75, just what is allowed; then 4 of 12.
    assertThat(compare(model(12, u -> u < 3 ? 3 - u % 4 : u % 4), model(12, u -> u % 4), 12))
        .satisfies(
            verdict -> {
              assertThat(verdict.value()).isCloseTo(0.75, within(1e-9));
              assertThat(verdict.passed()).isTrue();
            });
    assertThat(compare(model(12, u -> u < 4 ? 3 - u % 4 : u % 4), model(12, u -> u % 4), 12))
        .satisfies(
            verdict -> {
              assertThat(verdict.value()).isCloseTo(2.0 / 3, within(1e-9));
              assertThat(verdict.passed()).isFalse();
            });
  }

  @Test
  void newUsersDoNotHideThatTheOthersLost() {
    // The old model knows 6 users and serves all of them. The new one serves 16 newcomers, and
    // loses 3 of the 6: over all users it is far ahead (19 of 22 against 6 of 22).
    Verdict verdict = compare(model(22, u -> u < 3 ? 3 - u % 4 : u % 4), model(6, u -> u % 4), 22);
    assertThat(verdict.users()).isEqualTo(6);
    assertThat(verdict.newUsers()).isEqualTo(16);
    assertThat(verdict.publishedValue()).isEqualTo(1);
    assertThat(verdict.value()).isEqualTo(0.5);
    assertThat(verdict.passed()).isFalse();
  }

  @Test
  void usersThatTheNewModelForgotCountAsMissed() {
    Verdict verdict =
        compare(model(DataTypes.StringType, 6, 6, u -> u % 4), model(12, u -> u % 4), 12);
    assertThat(verdict.users()).isEqualTo(12);
    assertThat(verdict.value()).isEqualTo(0.5);
    assertThat(verdict.passed()).isFalse();
  }

  @Test
  void numbersAndTheirTextAreTheSameIds() {
    DynamicSparseALSModel numbers = model(DataTypes.LongType, 0, 12, u -> u % 4);
    Verdict verdict =
        GATE.compare(numbers, numbers, "old", pairs(true, 12, "", ""), pairs(false, 12, "", ""))
            .verdict();
    assertThat(verdict.users()).isEqualTo(12);
    assertThat(verdict.value()).isEqualTo(1);
  }

  @Test
  void publishedModelOfOtherDataIsBadInput() {
    DynamicSparseALSModel good = model(12, u -> u % 4);
    assertThatThrownBy(
            () ->
                GATE.compare(
                    good, good, "old", pairs(true, 4, "x", "i"), pairs(false, 4, "x", "i")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("knows no user");
    assertThatThrownBy(
            () ->
                GATE.compare(
                    good, good, "old", pairs(true, 4, "u", "x"), pairs(false, 4, "u", "x")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("knows no item");
  }

  @Test
  void firstModelIsMeasuredAndPasses() {
    Verdict verdict =
        GATE.measure(model(12, u -> u % 2), pairs(true, 12, "u", "i"), pairs(false, 12, "u", "i"))
            .verdict();
    assertThat(verdict.value()).isEqualTo(0.5);
    assertThat(verdict.passed()).isTrue();
    assertThat(verdict.publishedValue()).isNull();
  }
}
