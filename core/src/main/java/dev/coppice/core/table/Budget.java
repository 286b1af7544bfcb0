package dev.coppice.core.table;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * How many weights a table may store: {@code floor(density * rank * rows)} (docs/design.md section
 * 3), fixed for the whole run, and how many each row starts with.
 *
 * @param rank width of a row
 * @param rows number of rows of the whole table
 * @param weights the budget: stored weights of the whole table
 */
public record Budget(int rank, long rows, long weights) implements Serializable {

  /**
   * Derives the budget of a table. The floor is that of the density as it is written in decimal:
   * .29 of 100 positions are 29 weights, although the nearest double lies below .29.
   *
   * @throws IllegalArgumentException if rank or density are out of range, or if the budget would be
   *     below one weight a row
   */
  public static Budget of(double density, int rank, long rows) {
    if (rank < 1 || rank > SparseTable.MAX_RANK) {
      throw new IllegalArgumentException(
          "rank is " + rank + "; it must lie between 1 and " + SparseTable.MAX_RANK);
    }
    if (!(density > 0 && density <= 1)) {
      throw new IllegalArgumentException(
          "density is " + density + "; it must be above 0 and at most 1");
    }
    if (rows < 0) {
      throw new IllegalArgumentException("rows is " + rows + "; it must be at least 0");
    }
    BigDecimal positions = BigDecimal.valueOf(rank).multiply(BigDecimal.valueOf(rows));
    long weights =
        BigDecimal.valueOf(density)
            .multiply(positions)
            .setScale(0, RoundingMode.FLOOR)
            .longValueExact();
    if (weights < rows) {
      throw new IllegalArgumentException(
          "density "
              + density
              + " of rank "
              + rank
              + " leaves "
              + weights
              + " weights for "
              + rows
              + " rows; a row needs at least one: set density to at least "
              + leastDensity(rank)
              + ", or raise rank");
    }
    return new Budget(rank, rows, weights);
  }

  /**
   * Returns the budget of a table that stores as many weights as an earlier one, or as many as it
   * has positions if these are fewer.
   *
   * @throws IllegalArgumentException if that is below one weight a row
   */
  public static Budget kept(long weights, int rank, long rows) {
    if (weights < rows) {
      throw new IllegalArgumentException(
          "budget = keep leaves the "
              + weights
              + " weights of the initial model for "
              + rows
              + " rows; a row needs at least one: set budget = grow");
    }
    return new Budget(rank, rows, Math.min(weights, Math.multiplyExact(rank, rows)));
  }

  /** One weight a row, rounded up so that it is enough. */
  private static String leastDensity(int rank) {
    return BigDecimal.ONE
        .divide(BigDecimal.valueOf(rank), new MathContext(4, RoundingMode.CEILING))
        .toPlainString();
  }

  /**
   * Returns how many weights a row starts with: the budget shared out evenly, the remainder going
   * one each to the first rows.
   *
   * @param row index of the row in the whole table, 0 to rows - 1
   */
  public int startWeights(long row) {
    long even = weights / rows;
    return (int) (row < weights % rows ? even + 1 : even);
  }
}
