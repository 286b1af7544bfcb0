package dev.coppice.core.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class MetricsAccumulatorTest {

  private static List<double[]> values(int users) {
    Random random = new Random(61);
    List<double[]> values = new ArrayList<>();
    for (int u = 0; u < users; u++) {
      values.add(
          new double[] {random.nextDouble(), 1.0 / (1 + random.nextInt(30)), random.nextInt(2)});
    }
    return values;
  }

  private static double[] means(MetricsAccumulator sum) {
    return new double[] {sum.mean(0), sum.mean(1), sum.mean(2)};
  }

  @Test
  void noOrderAndNoPartitioningChangesABit() {
    List<double[]> values = values(1000);
    MetricsAccumulator whole = new MetricsAccumulator(3);
    values.forEach(whole::add);
    double[] wanted = means(whole);
    Random random = new Random(62);
    for (int parts : new int[] {1, 2, 7, 40}) {
      Collections.shuffle(values, random);
      MetricsAccumulator[] partial = new MetricsAccumulator[parts];
      for (int p = 0; p < parts; p++) {
        partial[p] = new MetricsAccumulator(3);
      }
      for (double[] user : values) {
        partial[random.nextInt(parts)].add(user);
      }
      MetricsAccumulator merged = new MetricsAccumulator();
      for (MetricsAccumulator part : partial) {
        merged.merge(part);
      }
      merged.merge(new MetricsAccumulator());
      assertThat(merged.users()).isEqualTo(1000);
      assertThat(means(merged)).isEqualTo(wanted);
    }
  }

  @Test
  void theMeanIsThatOfExactArithmetic() {
    List<double[]> values = values(1000);
    MetricsAccumulator sum = new MetricsAccumulator(3);
    values.forEach(sum::add);
    for (int m = 0; m < 3; m++) {
      BigDecimal exact = BigDecimal.ZERO;
      for (double[] user : values) {
        exact = exact.add(new BigDecimal(user[m]));
      }
      double wanted = exact.divide(BigDecimal.valueOf(1000), MathContext.DECIMAL128).doubleValue();
      assertThat(sum.mean(m)).isEqualTo(wanted, Offset.offset(4 * Math.ulp(wanted)));
    }
  }

  @Test
  void oneUserGivesTheirOwnValue() {
    MetricsAccumulator sum = new MetricsAccumulator(3);
    sum.add(new double[] {0.3, 0, 1});
    assertThat(means(sum)).containsExactly(0.3, 0, 1);
  }

  @Test
  void meansAreGivenByKey() {
    MetricsAccumulator sum = new MetricsAccumulator(1);
    sum.add(new double[] {0.5});
    MetricsAccumulator other = new MetricsAccumulator();
    other.merge(sum);
    assertThat(other.users()).isEqualTo(1);
    assertThat(other.mean(0)).isEqualTo(0.5);
    assertThat(other.means(List.of(MetricKey.parse("map@5"))))
        .containsEntry(MetricKey.parse("map@5"), 0.5);
  }

  @Test
  void nobodyGivesZero() {
    assertThat(new MetricsAccumulator(2).mean(1)).isZero();
  }

  @Test
  void valuesOutsideTheRangeAreRefusedWhole() {
    MetricsAccumulator sum = new MetricsAccumulator(2);
    for (double bad : new double[] {Double.NaN, -1e-9, 1.0000001, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> sum.add(new double[] {1, bad}))
          .hasMessageContaining("metric value 1 is " + bad);
    }
    assertThatThrownBy(() -> sum.add(new double[3])).hasMessageContaining("needed: 2");
    assertThatThrownBy(() -> sum.merge(oneUser())).hasMessageContaining("cannot merge 1");
    assertThat(sum.users()).isZero();
    assertThat(sum.mean(0)).isZero();
  }

  private static MetricsAccumulator oneUser() {
    MetricsAccumulator sum = new MetricsAccumulator(1);
    sum.add(new double[] {1});
    return sum;
  }
}
