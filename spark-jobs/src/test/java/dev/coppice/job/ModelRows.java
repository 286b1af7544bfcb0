package dev.coppice.job;

import dev.coppice.spark.TestSpark;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/** The rows of a saved model to the bit, whatever the files they lie in. */
final class ModelRows {
  private ModelRows() {}

  /** Every row of both tables as text: side, id, positions, the weights' bits, degree; sorted. */
  static List<String> of(String model) {
    List<String> all = new ArrayList<>();
    for (String side : List.of("users", "items")) {
      TreeMap<String, String> rows = new TreeMap<>();
      for (Row row :
          TestSpark.session()
              .read()
              .parquet(model + "/" + side)
              .select("id", "dims", "weights", "degree")
              .collectAsList()) {
        StringBuilder text = new StringBuilder(row.getList(1).toString());
        for (Object weight : row.getList(2)) {
          text.append(' ')
              .append(HexFormat.of().toHexDigits(Float.floatToRawIntBits((Float) weight)));
        }
        rows.put(row.getString(0), text.append(' ').append(row.getInt(3)).toString());
      }
      rows.forEach((id, text) -> all.add(side + " " + id + " " + text));
    }
    return all;
  }
}
