package dev.coppice.spark.als;

import dev.coppice.core.als.Side;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The tables of an initial model, of the rank that is trained.
 *
 * @param users columns 0 to 2: id (long, numbered as the interactions are), dims (array of short,
 *     ascending, unsigned), weights (array of float); an id once. Perhaps column 3: importance
 *     (array of byte, see {@link dev.coppice.core.mask.ImportanceCode}), null for all 0
 * @param items likewise
 * @param keepVanished whether rows without interactions stay, unchanged, or are dropped
 * @param kept the numbers of weights that the tables shall store; null to derive them from density
 *     and rows
 */
public record InitialTables(
    Dataset<Row> users, Dataset<Row> items, boolean keepVanished, Kept kept) {

  /** Whether a side has a column of importances. */
  boolean important(Side side) {
    return (side == Side.USERS ? users : items).columns().length > 3;
  }

  /** Stored weights of both tables. */
  public record Kept(long users, long items) {}
}
