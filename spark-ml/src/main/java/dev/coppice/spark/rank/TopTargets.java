package dev.coppice.spark.rank;

import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.RowTable;
import dev.coppice.spark.table.Schemas;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;

/** Ranks targets for sources, and brings the lists into the form that users see. */
public final class TopTargets {
  private TopTargets() {}

  /**
   * Ranks the targets for every source.
   *
   * @param seen (source, target) pairs that are not to be recommended, or null
   * @param k most targets a source
   * @param asCodes whether the lists name targets by code instead of id
   * @throws IllegalArgumentException if k is below 1
   */
  public static Dataset<TopRow> best(
      RowTable sources,
      Targets targets,
      Dataset<IdPair> seen,
      int k,
      boolean asCodes,
      ScoringSettings settings) {
    Dataset<KeyedPart> excluded =
        seen == null ? null : targets.pack(seen, sources.idType().isString(), false);
    return ranked(sources, targets, excluded, k, asCodes, settings);
  }

  /** As {@link #best}, with the pairs packed by {@link Targets#pack} already. */
  public static Dataset<TopRow> ranked(
      RowTable sources,
      Targets targets,
      Dataset<KeyedPart> seen,
      int k,
      boolean asCodes,
      ScoringSettings settings) {
    if (k < 1) {
      throw new IllegalArgumentException("k is " + k + "; allowed: 1 or more");
    }
    boolean strings = sources.idType().isString();
    Dataset<KeyedPart> parts =
        sources
            .linkedBeans()
            .withColumn("row", functions.lit(true))
            .withColumn("seen", functions.array().cast(new ArrayType(DataTypes.IntegerType, false)))
            .as(Encoders.bean(KeyedPart.class));
    if (seen != null) {
      parts = parts.unionByName(seen);
    }
    Column id = functions.col(strings ? "name" : "number");
    parts = settings.byId(parts, id);
    int most = Math.max(1, Math.min(k, targets.rows()));
    return targets.best(parts, strings, most, asCodes);
  }

  /**
   * Returns pairs of ids in the form that {@link #best} wants; pairs with a null or an id that
   * cannot be one of the table's are left out.
   *
   * @param sourceCol column of the sources' ids
   * @param targetCol column of the targets' ids
   */
  public static Dataset<IdPair> pairs(
      Dataset<?> data, String sourceCol, IdType sourceType, String targetCol, IdType targetType) {
    Dataset<Row> keys =
        data.select(
            Schemas.matchKey(data, sourceCol, sourceType).as("source"),
            Schemas.matchKey(data, targetCol, targetType).as("target"));
    Column source = functions.col("source");
    Column target = functions.col("target");
    return keys.where(source.isNotNull().and(target.isNotNull()))
        .select(
            sourceType.name(source).as("name"),
            sourceType.number(source).as("number"),
            targetType.name(target).as("targetName"),
            targetType.number(target).as("targetNumber"),
            functions.lit(-1).as("code"))
        .as(Encoders.bean(IdPair.class));
  }
}
