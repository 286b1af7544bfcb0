package dev.coppice.core.table;

import java.math.BigDecimal;
import java.util.Locale;

/**
 * How the weights that both tables may store together are shared out between them; within a table
 * every row starts with an equal share.
 *
 * <p>Source: the two sparse starts compared by Yildirim et al., <i>Continual Learning with Dynamic
 * Sparse Training</i> (2023), the second after Mocanu et al. (2018) and RigL (Evci et al., ICML
 * 2020): a layer of n by m weights gets a density proportional to (n + m) / (n m). A table is a
 * layer here, its rows and its dimensions the two widths.
 */
public enum StartRule {
  /** The same density in both tables. */
  UNIFORM,
  /** Erdos-Renyi: weights in proportion to rows + rank, so the smaller table is denser. */
  ER;

  /**
   * The budgets of both tables.
   *
   * @param users of the user table
   * @param items of the item table
   */
  public record Budgets(Budget users, Budget items) {}

  /** Returns the name as it is written in configurations: lower case. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds a rule by its name in any case.
   *
   * @throws IllegalArgumentException naming the value and the allowed ones
   */
  public static StartRule parse(String name) {
    for (StartRule rule : values()) {
      if (rule.key().equals(name.toLowerCase(Locale.ROOT))) {
        return rule;
      }
    }
    throw new IllegalArgumentException("start is '" + name + "'; it must be one of uniform, er");
  }

  /**
   * Shares out the weights. Their sum is that of {@link Budget#of} of both tables, for every rule;
   * a table that would be fuller than full gives the rest to the other.
   *
   * @param leastPerRow weights that a row needs at least
   * @throws IllegalArgumentException as {@link Budget#of}, or if a table would get less than its
   *     rows need
   */
  public Budgets budgets(double density, int rank, long users, long items, int leastPerRow) {
    Budget evenUsers = Budget.of(density, rank, users);
    Budget evenItems = Budget.of(density, rank, items);
    if (this == UNIFORM) {
      return new Budgets(evenUsers, evenItems);
    }
    long all = Math.addExact(evenUsers.weights(), evenItems.weights());
    long fullUsers = Math.multiplyExact(rank, users);
    long fullItems = Math.multiplyExact(rank, items);
    long wanted =
        BigDecimal.valueOf(all)
            .multiply(BigDecimal.valueOf(Math.addExact(users, rank)))
            .divideToIntegralValue(
                BigDecimal.valueOf(users)
                    .add(BigDecimal.valueOf(items))
                    .add(BigDecimal.valueOf(2L * rank)))
            .longValueExact();
    long forUsers = Math.max(Math.min(wanted, fullUsers), all - fullItems);
    return new Budgets(
        table("users", rank, users, forUsers, leastPerRow),
        table("items", rank, items, all - forUsers, leastPerRow));
  }

  private static Budget table(String what, int rank, long rows, long weights, int leastPerRow) {
    long least = Math.multiplyExact(Math.max(1, leastPerRow), rows);
    if (weights < least) {
      throw new IllegalArgumentException(
          "start = er leaves "
              + weights
              + " weights for "
              + rows
              + " "
              + what
              + ", which need at least "
              + least
              + "; raise density or rank, or set start = uniform");
    }
    return new Budget(rank, rows, weights);
  }
}
