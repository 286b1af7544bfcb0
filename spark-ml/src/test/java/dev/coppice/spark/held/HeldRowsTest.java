package dev.coppice.spark.held;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.spark.TestSpark;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.Test;

/** Kept rows are those of the Dataset, in its columns, and computed once. */
class HeldRowsTest {
  private static final StorageLevel LEVEL = StorageLevel.MEMORY_AND_DISK();

  private final SparkSession session = TestSpark.session();

  private Dataset<Row> numbers() {
    return session
        .range(0, 50, 1, 3)
        .selectExpr("id", "array(cast(id as short)) as list", "cast(null as string) as none");
  }

  @Test
  void areTheRowsOfTheDataset() {
    Dataset<Row> held = HeldRows.filled(LEVEL, numbers());
    assertThat(held.schema()).isEqualTo(numbers().schema());
    assertThat(held.collectAsList()).isEqualTo(numbers().collectAsList());
    Dataset<Row> twice =
        held.as("a").join(held.as("b"), functions.expr("a.id = b.id + 1")).select("a.id", "b.list");
    assertThat(twice.count()).isEqualTo(49);
    HeldRows.release(held);
    assertThat(held.count()).isEqualTo(50);
    HeldRows.release(held);
  }

  @Test
  void areComputedOnce() {
    Dataset<Row> drawn = session.range(0, 20, 1, 2).withColumn("draw", functions.expr("uuid()"));
    Dataset<Row> held = HeldRows.filled(LEVEL, drawn.withColumn("more", functions.lit(1)));
    List<Row> first = held.sort("id").collectAsList();
    assertThat(held.sort("id").collectAsList()).isEqualTo(first);
    HeldRows.release(held);
  }

  @Test
  void severalAreFilledInOneJobAndNoneIfOneFails() {
    List<Dataset<Row>> held = HeldRows.filled(LEVEL, List.of(numbers(), numbers().limit(3)));
    assertThat(held.get(0).count()).isEqualTo(50);
    assertThat(held.get(1).count()).isEqualTo(3);
    held.forEach(HeldRows::release);
    Set<Integer> before = TestSpark.kept();
    Dataset<Row> bad = numbers().withColumn("bad", functions.expr("raise_error('no such row')"));
    assertThatThrownBy(() -> HeldRows.filled(LEVEL, List.of(numbers(), bad)))
        .hasStackTraceContaining("no such row");
    assertThat(before).containsAll(TestSpark.kept());
  }

  @Test
  void aLevelThatKeepsNothingKeepsNothing() {
    Dataset<Row> rows = numbers();
    assertThat(HeldRows.of(rows, StorageLevel.NONE())).isSameAs(rows);
    assertThat(HeldRows.filled(StorageLevel.NONE(), rows)).isSameAs(rows);
  }

  @Test
  void releasesWhatADatasetPersistedToo() {
    Dataset<Row> rows = numbers().persist();
    HeldRows.release(rows);
    assertThat(rows.storageLevel()).isEqualTo(StorageLevel.NONE());
  }
}
