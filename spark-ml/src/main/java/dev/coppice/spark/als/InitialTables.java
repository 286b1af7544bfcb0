package dev.coppice.spark.als;

import dev.coppice.core.als.Side;
import java.util.OptionalDouble;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The tables of an initial model, of the rank that is trained.
 *
 * @param users columns 0 to 2: id (long, numbered as the interactions are), dims (array of short,
 *     ascending, unsigned), weights (array of float); an id once. Where scores are kept, then
 *     degree (int, interactions that the row was learnt from). Perhaps then importance (array of
 *     byte, see {@link dev.coppice.core.mask.ImportanceCode}), null for all 0
 * @param items likewise
 * @param keepVanished whether rows without interactions stay, unchanged, or are dropped
 * @param kept the numbers of weights that the tables shall store; null to derive them from density
 *     and rows
 * @param keepScores how much an interaction that the rows were learnt from weighs, where their
 *     scores stand for it ({@link dev.coppice.core.als.KeptScores}); empty where all interactions
 *     are at hand. Goes with {@code keepVanished}
 */
public record InitialTables(
    Dataset<Row> users,
    Dataset<Row> items,
    boolean keepVanished,
    Kept kept,
    OptionalDouble keepScores) {

  /** Where the columns are. */
  InitialChunker.Columns columns(Side side) {
    int next = 3;
    int degree = keepScores.isPresent() ? next++ : -1;
    int count = (side == Side.USERS ? users : items).columns().length;
    return new InitialChunker.Columns(degree, count > next ? next : -1);
  }

  /** Stored weights of both tables. */
  public record Kept(long users, long items) {}
}
