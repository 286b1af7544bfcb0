package dev.coppice.spark.als;

import dev.coppice.core.als.Side;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Turns the rows that training hands over, numbered, into what the caller keeps. */
@FunctionalInterface
public interface Naming {

  /** Hands rows over as they are, by number. */
  Naming NUMBERS = (side, rows) -> rows;

  /**
   * Plans the rows of a side under the caller's ids; nothing is computed yet, and what comes back
   * is computed and cached once.
   *
   * @param rows {@code id long, dims array of short, weights array of float, degree int}
   */
  Dataset<Row> named(Side side, Dataset<Row> rows);
}
