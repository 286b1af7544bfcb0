package dev.coppice.data;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.data.prepare.Scene;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CanonicalDatasetTest {
  @Test
  void joinsOfSmallDataAfterEachOtherNeedNoShuffle(@TempDir Path dir) throws Exception {
    String[] lines =
        IntStream.range(0, 60).mapToObj(i -> "u" + i % 7 + ",i" + i % 11).toArray(String[]::new);
    CanonicalDataset data =
        new Scene(dir)
            .file("input", "in.csv", lines)
            .set("format", "delimited")
            .set("delimiter", ",")
            .run();
    assertThat(data.isSmall()).isTrue();
    Dataset<Row> users = data.users().withColumnRenamed("index", "user");
    Dataset<Row> items = data.items().withColumnRenamed("index", "item");
    Dataset<Row> rows = data.train().select("user", "item");
    // Three in a row: Spark takes each for as large as the product of what it joins.
    Dataset<Row> joined = data.join(rows, users.withColumnRenamed("id", "u"), "inner", "user");
    joined = data.join(joined, items.withColumnRenamed("id", "i"), "inner", "item");
    joined = data.join(joined, users.withColumnRenamed("id", "again"), "left", "user");
    assertThat(joined.rdd().getNumPartitions()).isEqualTo(1);
    assertThat(joined.queryExecution().executedPlan().toString()).doesNotContain("Exchange");
    assertThat(joined.where(col("u").equalTo(col("again"))).count()).isEqualTo(rows.count());
  }
}
