package dev.coppice.spark;

import dev.coppice.core.serving.RankedItem;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;

/** Lists of Spark and of serving files in one form, so that they compare to the bit. */
final class ListEntries {
  private ListEntries() {}

  /** The entries of a list as (id, bits of the score). */
  static List<List<Object>> entries(Row list) {
    List<List<Object>> entries = new ArrayList<>();
    for (Row entry : list.<Row>getList(1)) {
      entries.add(
          List.of(String.valueOf(entry.get(0)), Float.floatToRawIntBits(entry.getFloat(1))));
    }
    return entries;
  }

  static List<List<Object>> entries(List<RankedItem> list) {
    List<List<Object>> entries = new ArrayList<>();
    for (RankedItem entry : list) {
      entries.add(List.of(entry.id(), Float.floatToRawIntBits(entry.score())));
    }
    return entries;
  }
}
