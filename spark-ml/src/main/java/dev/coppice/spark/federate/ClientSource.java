package dev.coppice.spark.federate;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/** Where the rows of the clients are, and how they come to the tasks that train on them. */
public interface ClientSource extends AutoCloseable {
  /** Returns who the clients are. */
  ClientCounts counts();

  /** Returns the session. */
  SparkSession session();

  /**
   * Returns what is learnt from: every client once, in one partition, whose clients ascend; its
   * rows sorted and merged.
   *
   * @param partitions how many there should be; a source may have its own number
   */
  JavaRDD<Tuple2<Integer, ClientRows>> learnt(int partitions);

  /**
   * Returns what is measured on, each client in the partition that {@link #learnt} has it in; null
   * if nothing is. Clients without such rows may be missing.
   *
   * @param partitions how many {@link #learnt} returned
   */
  JavaRDD<Tuple2<Integer, ClientRows>> heldOut(int partitions);

  /**
   * Returns the rows that users are given to start from: {@code client} int, {@code user} long,
   * {@code dims}, {@code weights}; null if they are found from nothing.
   *
   * @param initial {@code id}, {@code dims}, {@code weights}
   */
  Dataset<Row> begins(Dataset<Row> initial);

  /** Frees what is kept of the rows. */
  @Override
  default void close() {}
}
