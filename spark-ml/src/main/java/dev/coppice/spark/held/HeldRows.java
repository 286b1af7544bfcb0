package dev.coppice.spark.held;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.columnar.CachedBatch;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.columnar.InMemoryRelation;
import org.apache.spark.sql.execution.columnar.InMemoryRelation$;
import org.apache.spark.storage.StorageLevel;
import scala.Option;
import scala.collection.immutable.Nil$;

/**
 * Keeps the rows of Datasets in Spark's columnar form, as {@code Dataset.persist} does, but belongs
 * to whoever refers to the Dataset that is returned: once nobody does, Spark frees the blocks.
 * {@code Dataset.persist} enters the plan into a list of the session, which holds it until it is
 * unpersisted by name; and since entries are found by plan, two threads that persist equal plans
 * share one, which the first to be done takes from the other.
 */
public final class HeldRows {
  private HeldRows() {}

  /**
   * Returns the same rows, kept from when they are first computed.
   *
   * @param storage where; with a level that stores nothing, the Dataset itself is returned
   */
  public static Dataset<Row> of(Dataset<Row> rows, StorageLevel storage) {
    if (!storage.isValid()) {
      return rows;
    }
    QueryExecution plan = rows.queryExecution();
    InMemoryRelation relation = InMemoryRelation$.MODULE$.apply(storage, plan, Option.empty());
    // The names and types of the Dataset. Its order is left out: where Spark renumbers the columns,
    // as it does to join a Dataset with itself, it forgets those of the order. Physical plans take
    // the order from the cached plan.
    LogicalPlan unordered =
        (LogicalPlan)
            call(
                InMemoryRelation$.MODULE$,
                "apply",
                call(plan.analyzed(), "output"),
                relation.cacheBuilder(),
                Nil$.MODULE$,
                relation.statsOfPlanToCache());
    return dataset(rows, unordered);
  }

  /**
   * Returns the same rows, computed in one job, where a count of each Dataset takes one of its own.
   * None is kept if one cannot be computed.
   */
  public static List<Dataset<Row>> filled(StorageLevel storage, List<Dataset<Row>> frames) {
    List<Dataset<Row>> kept = new ArrayList<>();
    try {
      List<RDD<CachedBatch>> batches = new ArrayList<>();
      for (Dataset<Row> frame : frames) {
        Dataset<Row> held = of(frame, storage);
        kept.add(held);
        if (held.queryExecution().logical() instanceof InMemoryRelation relation) {
          batches.add(relation.cacheBuilder().cachedColumnBuffers());
        } else {
          // A level that stores nothing: the rows are computed all the same, so that what they
          // come from may go.
          held.count();
        }
      }
      batches.stream().reduce(RDD::union).ifPresent(RDD::count);
      return kept;
    } catch (Exception e) {
      // Spark throws checked exceptions without declaring them.
      kept.forEach(HeldRows::release);
      throw e;
    }
  }

  /** Returns the same rows, computed. */
  public static Dataset<Row> filled(StorageLevel storage, Dataset<Row> rows) {
    return filled(storage, List.of(rows)).get(0);
  }

  /**
   * Frees what is kept of a Dataset, whether this class keeps it or {@code Dataset.persist}; of one
   * that was derived from it, or that is not kept, nothing. Rows that are asked for again are
   * computed again.
   */
  public static void release(Dataset<Row> rows) {
    if (rows.queryExecution().logical() instanceof InMemoryRelation relation) {
      relation.cacheBuilder().clearCache(false);
    }
    rows.unpersist();
  }

  /** Returns the Dataset of a plan; Spark offers Java none. Its class is another since Spark 4. */
  @SuppressWarnings("unchecked")
  private static Dataset<Row> dataset(Dataset<Row> like, LogicalPlan plan) {
    String companion = like.getClass().getName() + "$";
    try {
      Class<?> type = Class.forName(companion, true, like.getClass().getClassLoader());
      return (Dataset<Row>)
          call(type.getField("MODULE$").get(null), "ofRows", like.sparkSession(), plan);
    } catch (ReflectiveOperationException e) {
      throw unknownSpark(companion, e);
    }
  }

  /**
   * Calls a method by name: the class of Scala's sequences, which belongs to a method's signature,
   * is one in Scala 2.12 and another in 2.13.
   */
  private static Object call(Object target, String name, Object... arguments) {
    String what = target.getClass().getName() + "." + name;
    try {
      Method method =
          Arrays.stream(target.getClass().getMethods())
              .filter(each -> each.getName().equals(name) && takes(each, arguments))
              .findFirst()
              .orElseThrow(() -> new NoSuchMethodException(what));
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(what + " failed", e);
    } catch (ReflectiveOperationException e) {
      throw unknownSpark(what, e);
    }
  }

  private static boolean takes(Method method, Object[] arguments) {
    Class<?>[] types = method.getParameterTypes();
    return types.length == arguments.length
        && IntStream.range(0, types.length).allMatch(i -> types[i].isInstance(arguments[i]));
  }

  private static IllegalStateException unknownSpark(String what, Exception cause) {
    return new IllegalStateException(
        "this Spark has no "
            + what
            + " as Coppice calls it; Coppice runs on Spark 3.5 to 4.1, in the process of the"
            + " driver",
        cause);
  }
}
