package dev.coppice.bench;

import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The RDDs that were cached before a model was trained; those that came with it are let go of after
 * it.
 *
 * @param context of Spark
 * @param before ids of the RDDs
 */
record Caches(JavaSparkContext context, Set<Integer> before) {

  /** Returns what is cached now. */
  static Caches of(JavaSparkContext context) {
    return new Caches(context, Set.copyOf(context.getPersistentRDDs().keySet()));
  }

  /** Lets go of a model's tables and of all else that was cached since. */
  void release(Trained model) {
    model.userRows().unpersist(true);
    model.itemRows().unpersist(true);
    context
        .getPersistentRDDs()
        .forEach(
            (id, cached) -> {
              if (!before.contains(id)) {
                cached.unpersist(true);
              }
            });
  }
}
