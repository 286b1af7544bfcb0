package dev.coppice.spark.als;

import com.esotericsoftware.kryo.Kryo;
import dev.coppice.core.als.BlockStats;
import dev.coppice.core.als.EarlierRows;
import dev.coppice.core.als.Gramian;
import dev.coppice.core.als.InteractionBlock;
import dev.coppice.core.als.KeptSums;
import dev.coppice.core.als.Listed;
import dev.coppice.core.als.Movable;
import dev.coppice.core.als.Resting;
import dev.coppice.core.eval.MetricsAccumulator;
import dev.coppice.core.mask.BucketCounts;
import dev.coppice.core.mask.Candidates;
import dev.coppice.core.table.SparseTable;
import dev.coppice.spark.checkpoint.StoredBlock;
import dev.coppice.spark.kryo.RecordSerializer;
import java.util.ArrayList;

/** Registers what training sends between driver and executors, or keeps in serialised form. */
public final class AlsKryo {
  private AlsKryo() {}

  /** Registers the classes. */
  public static void register(Kryo kryo) {
    RecordSerializer.register(
        kryo,
        Numbered.class,
        PairChunk.class,
        CodedChunk.class,
        ReturnChunk.class,
        ItemDictionary.class,
        InteractionBlock.class,
        EarlierRows.class,
        KeptIds.class,
        SideSums.class,
        KeptSums.Matrices.class,
        SolvedBlock.class,
        Resting.class,
        BlockStats.class,
        Movable.class,
        Listed.class,
        SparkEngine.Tally.class,
        Publishing.Both.class,
        InitialChunk.class,
        InitialRows.class,
        WarmStart.Sums.class,
        WarmStart.Tally.class,
        WarmStart.Tallies.class,
        StoredBlock.class,
        RowRequest.class,
        RowRequests.class,
        RowMessage.class,
        HeldOut.class,
        ItemPlaces.class,
        ItemPlaces.Rows.class,
        TopLists.class,
        Validation.Ranked.class,
        Validation.Asking.class);
    for (Class<?> type :
        new Class<?>[] {
          SparseTable.class,
          SparseTable[].class,
          BucketCounts.class,
          Candidates.class,
          Gramian.class,
          KeptSums.class,
          Published.class,
          MetricsAccumulator.class,
          ArrayList.class,
          boolean[].class,
          byte[].class,
          short[].class,
          char[].class,
          int[].class,
          long[].class,
          float[].class,
          double[].class,
          int[][].class,
          float[][].class
        }) {
      kryo.register(type);
    }
  }
}
