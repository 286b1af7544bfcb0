package dev.coppice.spark.stream;

import dev.coppice.spark.table.ModelInfo;
import dev.coppice.spark.table.RowTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Tells models apart by what the rows of folded-in users depend on beside their histories. */
public final class ModelFingerprint {
  private ModelFingerprint() {}

  /** Returns the fingerprint, with one job over the items. */
  public static String of(RowTable items, ModelInfo info) {
    List<String> names = new ArrayList<>();
    names.addAll(List.of(RowTable.ID, RowTable.DIMS, RowTable.WEIGHTS, RowTable.DEGREE));
    names.addAll(items.linkColumns());
    Column row = functions.xxhash64(names.stream().map(functions::col).toArray(Column[]::new));
    Row all =
        items.rows().agg(functions.coalesce(functions.bit_xor(row), functions.lit(0L))).head();
    String solving = info.foldIn(items.size().rows()).toString();
    return String.format(Locale.ROOT, "%016x-%08x", all.getLong(0), solving.hashCode());
  }
}
