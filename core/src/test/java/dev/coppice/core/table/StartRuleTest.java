package dev.coppice.core.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartRuleTest {
  @ParameterizedTest
  // 1000 users, 50 items, rank 64, density .25: 16,000 + 800 weights, in parts 1064 and 114.
  @CsvSource({"UNIFORM, 16000, 800", "ER, 15174, 1626"})
  void weightsAreSharedOut(StartRule rule, long users, long items) {
    StartRule.Budgets budgets = rule.budgets(0.25, 64, 1000, 50, 1);
    assertThat(budgets.users()).isEqualTo(new Budget(64, 1000, users));
    assertThat(budgets.items()).isEqualTo(new Budget(64, 50, items));
  }

  @ParameterizedTest
  @CsvSource({"0.9, 8, 1000, 3", "0.9, 8, 3, 1000", "1, 5, 7, 11", "0.5, 300, 4, 4", "1, 2, 1, 1"})
  void erKeepsTheSumAndFillsNoTableOver(double density, int rank, long users, long items) {
    StartRule.Budgets er = StartRule.ER.budgets(density, rank, users, items, 1);
    StartRule.Budgets even = StartRule.UNIFORM.budgets(density, rank, users, items, 1);
    assertThat(er.users().weights() + er.items().weights())
        .isEqualTo(even.users().weights() + even.items().weights());
    assertThat(er.users().weights()).isBetween(users, users * rank);
    assertThat(er.items().weights()).isBetween(items, items * rank);
  }

  @Test
  void tooFewWeightsAreRefused() {
    assertThatThrownBy(() -> StartRule.ER.budgets(0.047, 64, 1000, 10, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "start = er leaves 2840 weights for 1000 users, which need at least 3000; raise"
                + " density or rank, or set start = uniform");
    assertThatThrownBy(() -> StartRule.parse("erdos"))
        .hasMessage("start is 'erdos'; it must be one of uniform, er");
    assertThat(StartRule.parse("ER")).isEqualTo(StartRule.ER);
  }
}
