package dev.coppice.spark.rank;

import dev.coppice.core.topk.Scorer;
import dev.coppice.core.util.Utf8Order;
import dev.coppice.spark.table.LinkedRow;
import dev.coppice.spark.table.RowTable;
import dev.coppice.spark.table.SparseRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;

/** The whole target table on every executor, by column. */
final class BroadcastTargets implements Targets {
  private final ScoringSettings settings;
  private final int rows;
  private final Broadcast<TableBlock> table;

  BroadcastTargets(RowTable table, ScoringSettings settings) {
    this.settings = settings;
    TableBlock block = collect(table, settings.rank());
    rows = block.rows();
    this.table =
        JavaSparkContext.fromSparkContext(table.rows().sparkSession().sparkContext())
            .broadcast(block);
  }

  /** Collects a table in the order of its ids. */
  static TableBlock collect(RowTable table, int rank) {
    boolean strings = table.idType().isString();
    Comparator<SparseRow> byId =
        strings
            ? Comparator.comparing(SparseRow::getName, Utf8Order.INSTANCE)
            : Comparator.comparingLong(SparseRow::getNumber);
    List<LinkedRow> rows = new ArrayList<>(table.linkedBeans().collectAsList());
    rows.sort(byId);
    for (int r = 1; r < rows.size(); r++) {
      if (byId.compare(rows.get(r - 1), rows.get(r)) == 0) {
        throw new IllegalStateException(
            "id "
                + (strings ? rows.get(r).getName() : rows.get(r).getNumber())
                + " has two rows in one table; a table has one");
      }
    }
    BlockBuilder all =
        new BlockBuilder(
            rows.iterator(), rank, strings, false, Integer.MAX_VALUE, Integer.MAX_VALUE, 0);
    return all.hasNext()
        ? all.next()
        : new TableBlock(
            rank,
            0,
            strings ? new String[0] : null,
            strings ? null : new long[0],
            new int[1],
            new short[0],
            new float[0],
            null,
            null,
            null);
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public Dataset<KeyedPart> pack(Dataset<IdPair> pairs, boolean strings, boolean keepUnknown) {
    return pairs.mapPartitions(
        new PairPacker(table, strings, keepUnknown), Encoders.bean(KeyedPart.class));
  }

  @Override
  public Dataset<TopRow> best(Dataset<KeyedPart> sources, boolean strings, int k, boolean asCodes) {
    return sources.mapPartitions(
        new Ranker(table, settings, strings, k, asCodes), Encoders.bean(TopRow.class));
  }

  /** Ranks the sources of a partition, block by block. */
  private static final class Ranker implements MapPartitionsFunction<KeyedPart, TopRow> {
    private static final long serialVersionUID = 1L;

    private final Broadcast<TableBlock> table;
    private final ScoringSettings settings;
    private final boolean strings;
    private final int k;
    private final boolean asCodes;

    Ranker(
        Broadcast<TableBlock> table,
        ScoringSettings settings,
        boolean strings,
        int k,
        boolean asCodes) {
      this.table = table;
      this.settings = settings;
      this.strings = strings;
      this.k = k;
      this.asCodes = asCodes;
    }

    @Override
    public Iterator<TopRow> call(Iterator<KeyedPart> parts) {
      TableBlock targets = table.value();
      Scorer scorer = new Scorer(targets.index(), k);
      BlockBuilder blocks =
          new BlockBuilder(parts, settings.rank(), strings, true, settings.blockSize(), 0);
      return new Iterator<>() {
        private Iterator<TopRow> rows = List.<TopRow>of().iterator();

        @Override
        public boolean hasNext() {
          while (!rows.hasNext() && blocks.hasNext()) {
            rows = TopBlock.score(blocks.next(), targets, scorer, k).rows(asCodes);
          }
          return rows.hasNext();
        }

        @Override
        public TopRow next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          return rows.next();
        }
      };
    }
  }
}
