package dev.coppice.spark;

import com.esotericsoftware.kryo.Kryo;
import dev.coppice.core.als.Gramian;
import dev.coppice.core.eval.BootstrapAccumulator;
import dev.coppice.core.eval.ExposureAccumulator;
import dev.coppice.core.eval.MetricsAccumulator;
import dev.coppice.core.topk.Links;
import dev.coppice.spark.eval.PartialBreakdown;
import dev.coppice.spark.eval.PartialEvaluation;
import dev.coppice.spark.kryo.RecordSerializer;
import dev.coppice.spark.rank.FoldInRow;
import dev.coppice.spark.rank.IdPair;
import dev.coppice.spark.rank.KeyedPart;
import dev.coppice.spark.rank.TableBlock;
import dev.coppice.spark.rank.TopBlock;
import dev.coppice.spark.rank.TopRow;
import dev.coppice.spark.store.ServingRow;
import dev.coppice.spark.table.LinkedRow;
import dev.coppice.spark.table.SparseRow;
import java.util.List;

/** The classes that scoring, fold-in and evaluation send between processes or cache. */
final class ModelKryoClasses {
  private ModelKryoClasses() {}

  /** Registers them, in a fixed order. */
  static void register(Kryo kryo) {
    all().forEach(kryo::register);
    RecordSerializer.register(kryo, Links.class);
  }

  private static List<Class<?>> all() {
    return List.of(
        SparseRow.class,
        LinkedRow.class,
        KeyedPart.class,
        IdPair.class,
        TopRow.class,
        FoldInRow.class,
        ServingRow.class,
        TableBlock.class,
        TableBlock[].class,
        TopBlock.class,
        TopBlock[].class,
        Gramian.class,
        Gramian[].class,
        MetricsAccumulator.class,
        ExposureAccumulator.class,
        PartialEvaluation.class,
        PartialEvaluation[].class,
        SparseRow[].class,
        LinkedRow[].class,
        short[].class,
        int[].class,
        long[].class,
        float[].class,
        double[].class,
        String[].class,
        short[][].class,
        int[][].class,
        float[][].class,
        BootstrapAccumulator.class,
        MetricsAccumulator[].class,
        PartialBreakdown.class);
  }
}
