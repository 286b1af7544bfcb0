package dev.coppice.spark.federate;

import com.esotericsoftware.kryo.Kryo;
import dev.coppice.core.federate.BlockLayout;
import dev.coppice.core.federate.Census;
import dev.coppice.core.federate.ClientData;
import dev.coppice.core.federate.ClientNeighbours;
import dev.coppice.core.federate.ClientState;
import dev.coppice.core.federate.ClientUpdate;
import dev.coppice.core.federate.Gate;
import dev.coppice.core.federate.GlobalState;
import dev.coppice.core.items.NeighbourTable;
import dev.coppice.core.items.PairTotals;
import dev.coppice.core.items.SentPairs;
import dev.coppice.spark.kryo.RecordSerializer;
import java.util.BitSet;

/** Registers what a federation sends between processes, or keeps in serialised form. */
public final class FederateKryo {
  private FederateKryo() {}

  /** Registers the classes. */
  public static void register(Kryo kryo) {
    RecordSerializer.register(
        kryo,
        GlobalState.class,
        BlockLayout.class,
        Census.class,
        ClientData.class,
        ClientState.class,
        ClientUpdate.class,
        Gate.class,
        ClientRows.class,
        InitialUserRow.class,
        HeldClient.class,
        RoundAnswer.class,
        LocalModel.class,
        LocalNeighbours.class,
        ClientNeighbours.class,
        NeighbourTable.class,
        SentPairs.class,
        PairTotals.class,
        ClientMetrics.class,
        RawRows.class,
        RawRows.Part.class,
        RawRows.Told.class,
        ItemNumbers.class,
        PrivateClient.class,
        PrivateClient.Told.class);
    for (Class<?> type :
        new Class<?>[] {
          ClientRows[].class,
          HeldClient[].class,
          RoundAnswer[].class,
          ClientMetrics[].class,
          LocalModel[].class,
          LocalNeighbours[].class,
          NeighbourTable[].class,
          BitSet.class,
          BitSet[].class,
          RawRows[].class,
          RawRows.Part[].class,
          RawRows.Told[].class,
          PrivateClient[].class,
          PrivateClient.Told[].class,
          Integer[].class
        }) {
      kryo.register(type);
    }
  }
}
