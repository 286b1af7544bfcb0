package dev.coppice.spark.items;

import com.esotericsoftware.kryo.Kryo;
import dev.coppice.core.items.Histories;
import dev.coppice.core.items.NeighbourCandidates;
import dev.coppice.spark.kryo.RecordSerializer;

/** The classes that the training of neighbours sends between processes. */
public final class ItemsKryo {
  private ItemsKryo() {}

  /** Registers them. */
  public static void register(Kryo kryo) {
    RecordSerializer.register(
        kryo,
        NeighbourCandidates.Found.class,
        Support.class,
        Wish.class,
        Answers.class,
        ItemNeighbours.class);
    kryo.register(Histories.class);
    kryo.register(HistoryTotals.class);
    kryo.register(int[].class);
    kryo.register(long[].class);
    kryo.register(float[].class);
  }
}
