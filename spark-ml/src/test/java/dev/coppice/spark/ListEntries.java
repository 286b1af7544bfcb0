package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.core.serving.RankedItem;
import dev.coppice.core.serving.Selection;
import dev.coppice.core.serving.ServingModel;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
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

  /** That a file with seen items gives the lists that the model gives, of users and of items. */
  static void assertSame(ServingModel file, DynamicSparseALSModel model, Dataset<Row> seen) {
    for (Row row : model.recommendForAllUsers(6).collectAsList()) {
      assertThat(
              entries(
                  file.recommend(String.valueOf(row.get(0)), Selection.of(6).withSeen())
                      .orElseThrow()))
          .isEqualTo(entries(row));
    }
    for (Row row : model.recommendForAllUsers(50, seen).collectAsList()) {
      assertThat(entries(file.recommend(String.valueOf(row.get(0)), 50).orElseThrow()))
          .isEqualTo(entries(row));
    }
    for (Row row : model.similarItems(7).collectAsList()) {
      assertThat(entries(file.similar(String.valueOf(row.get(0)), 7).orElseThrow()))
          .isEqualTo(entries(row));
    }
  }
}
