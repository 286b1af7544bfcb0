package dev.coppice.data.stats;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Manifest;
import dev.coppice.data.Part;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A data set in numbers.
 *
 * @param path where it lies
 * @param synthetic whether the input was generated
 * @param fingerprint the data set's fingerprint
 * @param users users in the dictionary
 * @param items items in the dictionary
 * @param interactions rows of each part, by {@link Part#key}
 * @param density train and validation rows per pair of user and item, 0 to 1
 * @param firstTime the earliest time in train and validation, epoch milliseconds, or null
 * @param lastTime the latest, or null
 * @param groups groups of users in train and validation; 0 if there are none
 * @param userDegrees interactions per user in train and validation
 * @param itemDegrees interactions per item in train and validation
 * @param coldUsers users of test that are not in train or validation
 * @param coldItems items of test that are not in train or validation
 * @param rejected bad rows by reason
 * @param leftOut good rows that are in no part, by reason
 */
public record DatasetStats(
    String path,
    boolean synthetic,
    String fingerprint,
    long users,
    long items,
    Map<String, Long> interactions,
    double density,
    Long firstTime,
    Long lastTime,
    long groups,
    DegreeQuantiles userDegrees,
    DegreeQuantiles itemDegrees,
    ColdShare coldUsers,
    ColdShare coldItems,
    Map<String, Long> rejected,
    Map<String, Long> leftOut) {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Copies the maps. */
  public DatasetStats {
    interactions = Map.copyOf(interactions);
    rejected = Map.copyOf(rejected);
    leftOut = Map.copyOf(leftOut);
  }

  /** Reads the data set's parts; the driver holds one number per different degree. */
  public static DatasetStats of(CanonicalDataset data) {
    Manifest manifest = data.manifest();
    Dataset<Row> known = data.trainAndValidation();
    Row span =
        known.agg(expr("min(time)"), expr("max(time)"), expr("count(distinct `group`)")).first();
    long rows = manifest.rows(Part.TRAIN) + manifest.rows(Part.VALIDATION);
    double pairs = (double) manifest.users() * manifest.items();
    return new DatasetStats(
        data.path(),
        manifest.synthetic(),
        manifest.fingerprint(),
        manifest.users(),
        manifest.items(),
        manifest.interactions(),
        pairs == 0 ? 0 : rows / pairs,
        span.isNullAt(0) ? null : (Long) span.getLong(0),
        span.isNullAt(1) ? null : (Long) span.getLong(1),
        span.getLong(2),
        degrees(known, "user"),
        degrees(known, "item"),
        cold(data, known, "user"),
        cold(data, known, "item"),
        manifest.rejected(),
        manifest.leftOut());
  }

  private static DegreeQuantiles degrees(Dataset<Row> rows, String side) {
    Map<Long, Long> byDegree = new HashMap<>();
    rows.groupBy(side)
        .agg(count("*").as("degree"))
        .groupBy("degree")
        .agg(count("*"))
        .collectAsList()
        .forEach(row -> byDegree.put(row.getLong(0), row.getLong(1)));
    return DegreeQuantiles.of(byDegree);
  }

  private static ColdShare cold(CanonicalDataset data, Dataset<Row> known, String side) {
    if (data.manifest().rows(Part.TEST) == 0) {
      return new ColdShare(0, 0, 0, 0);
    }
    Dataset<Row> held = data.test().groupBy(side).agg(count("*").as("rows"));
    Dataset<Row> seen = known.select(col(side).as("seen")).distinct();
    Row row =
        held.join(seen, col(side).equalTo(col("seen")), "left_outer")
            .agg(
                count("*"),
                count(when(col("seen").isNull(), lit(1))),
                sum("rows"),
                coalesce(sum(when(col("seen").isNull(), col("rows"))), lit(0L)))
            .first();
    return new ColdShare(row.getLong(0), row.getLong(1), row.getLong(2), row.getLong(3));
  }

  /** As indented JSON, shares included. */
  public String toJson() {
    try {
      ObjectNode node = MAPPER.valueToTree(this);
      ((ObjectNode) node.get("coldUsers"))
          .put("share", coldUsers.share())
          .put("rowShare", coldUsers.rowShare());
      ((ObjectNode) node.get("coldItems"))
          .put("share", coldItems.share())
          .put("rowShare", coldItems.rowShare());
      return MAPPER.writeValueAsString(node) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the statistics cannot be written as JSON", e);
    }
  }

  /** As lines of text. */
  public String toText() {
    List<String> lines = new ArrayList<>();
    lines.add("data set      " + path + (synthetic ? " (synthetic)" : ""));
    lines.add("fingerprint   " + fingerprint);
    lines.add(String.format(Locale.ROOT, "users         %,d", users));
    lines.add(String.format(Locale.ROOT, "items         %,d", items));
    for (Part part : Part.values()) {
      long rows = interactions.getOrDefault(part.key(), 0L);
      if (rows > 0 || part == Part.TRAIN) {
        lines.add(String.format(Locale.ROOT, "%-13s %,d rows", part.key(), rows));
      }
    }
    lines.add(String.format(Locale.ROOT, "density       %.6f %%", 100 * density));
    if (firstTime != null && lastTime != null) {
      lines.add(
          "time          "
              + Instant.ofEpochMilli(firstTime)
              + " to "
              + Instant.ofEpochMilli(lastTime));
    }
    if (groups > 0) {
      lines.add(String.format(Locale.ROOT, "groups        %,d", groups));
    }
    lines.add("per user      " + userDegrees.inWords());
    lines.add("per item      " + itemDegrees.inWords());
    if (coldUsers.rows() > 0) {
      lines.add("cold users    " + inWords(coldUsers));
      lines.add("cold items    " + inWords(coldItems));
    }
    addCounts(lines, "bad rows      ", rejected);
    addCounts(lines, "left out      ", leftOut);
    return String.join("\n", lines) + "\n";
  }

  private static String inWords(ColdShare share) {
    return String.format(
        Locale.ROOT,
        "%,d of %,d in test (%.2f %%), %,d of %,d rows (%.2f %%)",
        share.cold(),
        share.total(),
        100 * share.share(),
        share.coldRows(),
        share.rows(),
        100 * share.rowShare());
  }

  private static void addCounts(List<String> lines, String label, Map<String, Long> counts) {
    new TreeMap<>(counts)
        .forEach(
            (reason, number) -> {
              if (number > 0) {
                lines.add(label + String.format(Locale.ROOT, "%,d %s", number, reason));
              }
            });
  }
}
