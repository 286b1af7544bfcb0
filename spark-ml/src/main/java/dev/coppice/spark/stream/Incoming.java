package dev.coppice.spark.stream;

import dev.coppice.data.read.BadRow;
import dev.coppice.spark.held.HeldRows;
import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.RowTable;
import dev.coppice.spark.table.Schemas;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/**
 * The rows of one micro-batch: {@code user} and {@code item} as they are matched, {@code weight}
 * (float), and for those that cannot be used {@code reason} and {@code text}. Held until closed, so
 * that the source is read once.
 */
public final class Incoming implements AutoCloseable {
  /** Reason of a row whose item the model does not know. */
  public static final String UNKNOWN_ITEM = "unknownItem";

  private static final String REASON = "reason";
  private static final String TEXT = "text";

  private final Dataset<Row> rows;
  private final long count;
  private final String fingerprint;
  private final Map<String, Long> rejected = new TreeMap<>();

  /**
   * The columns of a batch.
   *
   * @param weight a number; empty: every interaction weighs 1
   * @param reason text, not null where a row cannot be used; empty for none
   * @param text what is set aside of such a row
   */
  public record Names(String user, String item, String weight, String reason, String text) {}

  /**
   * Sorts the rows of a batch.
   *
   * @param batch has the columns of {@code names}
   * @param items rows of the model
   * @param negative whether weights may be below 0
   * @throws IllegalArgumentException if a column is missing or of a wrong type
   */
  public Incoming(Dataset<Row> batch, Names names, IdType users, RowTable items, boolean negative) {
    rows =
        HeldRows.of(sorted(batch, names, users, items, negative), StorageLevel.MEMORY_AND_DISK());
    BigDecimal sum = BigDecimal.ZERO;
    long all = 0;
    // Exact and whatever the order: hashes are summed as whole numbers.
    Column hash = functions.xxhash64(columns(List.of("user", "item", "weight", REASON, TEXT)));
    for (Row group :
        rows.groupBy(REASON)
            .agg(
                functions.count(functions.lit(1)),
                functions.sum(hash.cast(DataTypes.createDecimalType(20, 0))))
            .collectAsList()) {
      all += group.getLong(1);
      sum = sum.add(group.getDecimal(2));
      if (!group.isNullAt(0)) {
        rejected.put(group.getString(0), group.getLong(1));
      }
    }
    count = all;
    fingerprint = sum.toBigInteger().toString(16);
  }

  private static Dataset<Row> sorted(
      Dataset<Row> batch, Names names, IdType users, RowTable items, boolean negative) {
    Schemas.requireId(batch.schema(), "itemCol", names.item());
    Column weight = functions.lit(1f);
    if (!names.weight().isEmpty()) {
      Schemas.requireNumber(batch.schema(), "weightCol", names.weight());
      weight = functions.col(Schemas.quoted(names.weight())).cast(DataTypes.FloatType);
    }
    List<Column> shown = new ArrayList<>();
    for (String name : Arrays.asList(names.user(), names.item(), names.weight())) {
      if (!name.isEmpty()) {
        shown.add(functions.col(Schemas.quoted(name)));
      }
    }
    Column given = functions.lit(null).cast(DataTypes.StringType);
    Column text =
        functions.to_json(
            functions.struct(shown.toArray(new Column[0])), Map.of("ignoreNullFields", "false"));
    if (!names.reason().isEmpty()) {
      given = functions.col(Schemas.quoted(names.reason()));
      text =
          functions
              .when(given.isNotNull(), functions.col(Schemas.quoted(names.text())))
              .otherwise(text);
    }
    Dataset<Row> rows =
        batch.select(
            Schemas.matchKey(batch, names.user(), users).as("user"),
            Schemas.matchKey(batch, names.item(), items.idType()).as("item"),
            weight.as("weight"),
            given.as("given"),
            text.as(TEXT));
    Dataset<Row> known =
        items
            .rows()
            .select(
                items.idType().matchKey(RowTable.ID, items.idType()).as("item"),
                functions.lit(true).as("known"));
    return rows.join(known, new String[] {"item"}, "left")
        .withColumn(REASON, reason(negative))
        .select(
            functions.col("user"),
            functions.col("item"),
            functions.col("weight"),
            functions.col(REASON),
            functions.when(functions.col(REASON).isNotNull(), functions.col(TEXT)).as(TEXT));
  }

  private static Column reason(boolean negative) {
    Column weight = functions.col("weight");
    Column reason =
        functions
            .when(functions.col("given").isNotNull(), functions.col("given"))
            .when(functions.col("user").isNull(), BadRow.MISSING_USER.key())
            .when(functions.col("item").isNull(), BadRow.MISSING_ITEM.key())
            .when(weight.isNull().or(weight.isNaN()), BadRow.BAD_WEIGHT.key())
            .when(
                functions.abs(weight).equalTo(Float.POSITIVE_INFINITY),
                BadRow.INFINITE_WEIGHT.key());
    if (!negative) {
      reason = reason.when(weight.lt(0), BadRow.NEGATIVE_WEIGHT.key());
    }
    return reason.when(functions.col("known").isNull(), UNKNOWN_ITEM);
  }

  private static Column[] columns(List<String> names) {
    return names.stream().map(functions::col).toArray(Column[]::new);
  }

  /** Returns how many rows there are. */
  public long count() {
    return count;
  }

  /** Returns a fingerprint of the rows that does not depend on their order. */
  public String fingerprint() {
    return fingerprint;
  }

  /** Returns how many rows cannot be used, by reason. */
  public Map<String, Long> rejected() {
    return Map.copyOf(rejected);
  }

  /** Returns how many rows cannot be used. */
  public long rejectedRows() {
    return rejected.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns how many rows can be used. */
  public long usableRows() {
    return count - rejectedRows();
  }

  /** Returns the rows that can be used: {@code user, item, weight}. */
  public Dataset<Row> usable() {
    return rows.where(functions.col(REASON).isNull()).select("user", "item", "weight");
  }

  /** Returns the others: {@code reason, text}. */
  public Dataset<Row> setAside() {
    return rows.where(functions.col(REASON).isNotNull()).select(REASON, TEXT);
  }

  @Override
  public void close() {
    HeldRows.release(rows);
  }
}
