package dev.coppice.spark.als;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.columnar.CachedBatch;
import org.apache.spark.sql.execution.columnar.InMemoryRelation;
import org.apache.spark.storage.StorageLevel;

/** Computes and caches Datasets in one job, where a count of each takes three. */
final class CachedRows {
  private CachedRows() {}

  /** Caches all rows of the Datasets; none is cached if one cannot be computed. */
  static void fill(StorageLevel storage, Dataset<Row> first, Dataset<Row> second) {
    List<Dataset<Row>> frames = List.of(first, second);
    try {
      List<RDD<CachedBatch>> batches = new ArrayList<>();
      for (Dataset<Row> frame : frames) {
        LogicalPlan plan = frame.persist(storage).queryExecution().withCachedData();
        if (plan instanceof InMemoryRelation relation) {
          batches.add(relation.cacheBuilder().cachedColumnBuffers());
        } else {
          // A level that stores nothing: the rows are computed all the same, so that what they
          // come from may go.
          frame.count();
        }
      }
      batches.stream().reduce(RDD::union).ifPresent(RDD::count);
    } catch (Exception e) {
      // Spark throws checked exceptions without declaring them.
      frames.forEach(Dataset::unpersist);
      throw e;
    }
  }
}
