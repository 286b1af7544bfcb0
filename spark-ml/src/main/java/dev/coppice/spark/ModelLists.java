package dev.coppice.spark;

import dev.coppice.spark.rank.IdPair;
import dev.coppice.spark.rank.ListForm;
import dev.coppice.spark.rank.ScoringTables;
import dev.coppice.spark.rank.Targets;
import dev.coppice.spark.rank.TopRow;
import dev.coppice.spark.rank.TopTargets;
import dev.coppice.spark.table.RowTable;
import dev.coppice.spark.table.Schemas;
import dev.coppice.spark.table.TableEdits;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * The lists of a model: an id and an array of structs, best first.
 *
 * @param tables the model's
 * @param itemBias whether rows have a bias, which similarity leaves out
 */
record ModelLists(ScoringTables tables, boolean itemBias) {
  private static final String RECOMMENDATIONS = "recommendations";

  /** Lists items for users. */
  Dataset<Row> ofUsers(RowTable sources, ListRules rules, int k) {
    return form(sources, tables.userCol(), tables.items(), tables.itemCol())
        .of(RuledLists.of(tables, sources, rules, k));
  }

  /** Lists items for the users of rows, without the pairs of the rows where they have items. */
  Dataset<Row> ofRows(Dataset<?> rows, int k) {
    boolean pairs = List.of(rows.columns()).contains(tables.itemCol());
    return ofUsers(
        TableEdits.subset(tables.users(), rows, tables.userCol()),
        pairs ? ListRules.any().withoutSeen(rows) : ListRules.any(),
        k);
  }

  /** Returns what {@link #ofRows} makes of rows of a schema. */
  StructType schema(StructType rows) {
    Schemas.requireId(rows, "userCol", tables.userCol());
    if (List.of(rows.fieldNames()).contains(tables.itemCol())) {
      Schemas.requireId(rows, "itemCol", tables.itemCol());
    }
    return form(tables.users(), tables.userCol(), tables.items(), tables.itemCol()).schema();
  }

  /** Lists users for items; {@code pairs} are left out, null for none. */
  Dataset<Row> ofItems(RowTable sources, Dataset<?> pairs, int k) {
    RowTable users = tables.users();
    Dataset<IdPair> excluded =
        pairs == null
            ? null
            : TopTargets.pairs(
                pairs, tables.itemCol(), tables.items().idType(), tables.userCol(), users.idType());
    return form(sources, tables.itemCol(), users, tables.userCol())
        .of(best(sources, users, excluded, k));
  }

  /** Lists items for items, by the cosine of their rows or by their links. */
  Dataset<Row> similar(RowTable sources, int k) {
    RowTable items = tables.items();
    boolean byLinks = items.hasLinks() && items.hasCodes() && items.size().stored() == 0;
    RowTable unit = byLinks ? items : TableEdits.unitLength(items, itemBias);
    RowTable from =
        byLinks ? TableEdits.ownCodes(sources) : TableEdits.unitLength(sources, itemBias);
    Dataset<IdPair> itself =
        TopTargets.pairs(from.rows(), RowTable.ID, from.idType(), RowTable.ID, unit.idType());
    String item = tables.itemCol();
    return new ListForm(from.idType(), item, "similar", unit.idType(), item, "similarity")
        .of(best(from, unit, itself, k));
  }

  private Dataset<TopRow> best(
      RowTable sources, RowTable targets, Dataset<IdPair> excluded, int k) {
    return TopTargets.best(
        sources, Targets.of(targets, tables.settings()), excluded, k, false, tables.settings());
  }

  private static ListForm form(
      RowTable sources, String sourceCol, RowTable targets, String targetCol) {
    return new ListForm(
        sources.idType(), sourceCol, RECOMMENDATIONS, targets.idType(), targetCol, "rating");
  }
}
