package dev.coppice.spark.federate;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import scala.Tuple2;

/** Sends records that are keyed by client to the partitions that the clients are in. */
final class ClientPlaces extends Partitioner {
  private static final long serialVersionUID = 1L;
  private final int[] places;
  private final int partitions;

  /**
   * Sends to given places.
   *
   * @param places {@code int[clients]}: the partition of each
   */
  ClientPlaces(int[] places, int partitions) {
    this.places = places.clone();
    this.partitions = partitions;
  }

  /**
   * Returns {@code int[clients]}: the partition that each is in.
   *
   * @param number of a client
   */
  static <T> int[] of(JavaRDD<T> clients, Function<T, Integer> number, int count) {
    int[] places = new int[count];
    clients
        .mapPartitionsWithIndex(
            (index, own) -> {
              List<Tuple2<Integer, Integer>> found = new ArrayList<>();
              while (own.hasNext()) {
                found.add(new Tuple2<>(number.call(own.next()), index));
              }
              return found.iterator();
            },
            true)
        .collect()
        .forEach(place -> places[place._1()] = place._2());
    return places;
  }

  @Override
  public int numPartitions() {
    return partitions;
  }

  @Override
  public int getPartition(Object client) {
    return places[(Integer) client];
  }
}
