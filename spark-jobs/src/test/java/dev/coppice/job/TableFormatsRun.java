package dev.coppice.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.UsageException;
import dev.coppice.job.frame.SparkSessions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Lists into tables of Iceberg and Delta, in a session that was started with both. */
public final class TableFormatsRun {
  private TableFormatsRun() {}

  /** Runs the jobs in a directory. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    SparkSession spark = SparkSessions.start("table formats", false);
    try {
      run(spark, directory);
    } finally {
      spark.stop();
    }
  }

  private static void run(SparkSession spark, Path directory) throws Exception {
    Map<String, String> work = Map.of("workDir", directory.resolve("work").toString());
    job(
        spark,
        "prepare",
        work,
        Map.of(
            "input", SmallRun.raw(directory.resolve("raw.csv")).toString(),
            "format", "delimited",
            "delimiter", ",",
            "userCol", "1",
            "itemCol", "2",
            "duplicates", "sum"));
    job(spark, "train", work, Map.of("rank", "8", "density", "0.5", "maxIter", "2"));
    job(spark, "recommend", work, Map.of("k", "5"));
    List<String> lists = rows(spark.read().parquet(work.get("workDir") + "/recommendations"));
    assertThat(lists).hasSize(300);

    String delta = "delta.`" + directory.resolve("delta") + "`";
    table(spark, work, lists, "ice.night.lists", Map.of());
    assertThat(spark.table("ice.night.lists.snapshots").count()).isEqualTo(2);
    // Delta 3 makes tables, and does not replace them in this way.
    if (!spark.version().startsWith("3.")) {
      table(spark, work, lists, delta, Map.of("tableFormat", "delta"));
      assertThat(spark.sql("describe history " + delta).count()).isEqualTo(2);
    }

    job(spark, "similar", work, Map.of("k", "3", "outputTable", "ice.night.similar"));
    assertThat(spark.table("ice.night.similar").columns()).containsExactly("item", "similar");
    System.out.println("tables are as files");
  }

  /** Makes a table of lists of 5, after one of 2 that it replaces. */
  private static void table(
      SparkSession spark,
      Map<String, String> work,
      List<String> lists,
      String name,
      Map<String, String> more)
      throws Exception {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("outputTable", name);
    settings.put("output", work.get("workDir") + "/told-" + more.size());
    settings.put("k", "2");
    job(spark, "recommend", work, settings);
    assertThat(rows(spark.table(name))).hasSize(300).doesNotContainAnyElementsOf(lists);
    settings.put("k", "5");
    assertThatThrownBy(() -> job(spark, "recommend", work, settings))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("overwrite");
    // The table too is kept, not only what the job says of itself.
    Map<String, String> elsewhere = new HashMap<>(settings);
    elsewhere.put("output", work.get("workDir") + "/elsewhere");
    assertThatThrownBy(() -> job(spark, "recommend", work, elsewhere))
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll("outputTable", name, "exists");
    settings.put("overwrite", "true");
    assertThat(job(spark, "recommend", work, settings)).anyMatch(line -> line.contains(name));
    assertThat(rows(spark.table(name))).isEqualTo(lists);
  }

  private static List<String> job(
      SparkSession spark, String job, Map<String, String> work, Map<String, String> more)
      throws Exception {
    Map<String, String> settings = new HashMap<>(work);
    settings.putAll(more);
    return InSession.run(spark, job, settings);
  }

  private static List<String> rows(Dataset<Row> table) {
    return table.toJSON().collectAsList().stream().sorted().toList();
  }
}
