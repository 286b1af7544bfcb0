package dev.coppice.spark.rank;

import dev.coppice.core.topk.Scorer;
import dev.coppice.spark.table.LinkedRow;
import dev.coppice.spark.table.RowTable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * The target table in blocks; every block of sources meets every block of targets, and the lists of
 * one source are merged. An executor holds two blocks and their lists at a time. (The scheme of
 * MLlib's {@code recommendForAll}, with the lists bounded before they are shuffled.)
 */
final class ShuffledTargets implements Targets {
  private static final int TARGET_BLOCK = 8;

  private final ScoringSettings settings;
  private final SparkSession session;
  private final int partitions;
  private final boolean stringTargets;
  private final int rows;
  private final JavaRDD<TableBlock> blocks;

  ShuffledTargets(RowTable table, ScoringSettings settings) {
    this.settings = settings;
    session = table.rows().sparkSession();
    partitions = settings.partitions(session);
    stringTargets = table.idType().isString();
    long size = table.size().rows();
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "the table has " + size + " rows; at most 2^31 - 9 can be recommended from");
    }
    rows = (int) size;
    String id = stringTargets ? "name" : "number";
    // Unpersisted by Spark when the returned Dataset is no longer reachable.
    blocks =
        table
            .linkedBeans()
            .repartitionByRange(partitions, functions.col(id))
            .sortWithinPartitions(id)
            .javaRDD()
            .zipWithIndex()
            .mapPartitions(new Blocks(settings, stringTargets))
            .persist(StorageLevel.MEMORY_AND_DISK());
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public Dataset<KeyedPart> pack(Dataset<IdPair> pairs, boolean strings, boolean keepUnknown) {
    Dataset<IdPair> codes =
        session.createDataset(blocks.flatMap(new Codes()).rdd(), Encoders.bean(IdPair.class));
    String id = stringTargets ? "targetName" : "targetNumber";
    Dataset<IdPair> coded =
        pairs
            .drop("code")
            .join(codes.select(id, "code"), new String[] {id}, "left")
            .withColumn("code", functions.coalesce(functions.col("code"), functions.lit(-1)))
            .withColumn(
                stringTargets ? "targetNumber" : "targetName",
                stringTargets ? functions.lit(0L) : functions.lit(""))
            .as(Encoders.bean(IdPair.class));
    return coded.mapPartitions(
        new PairPacker(null, strings, keepUnknown), Encoders.bean(KeyedPart.class));
  }

  @Override
  public Dataset<TopRow> best(Dataset<KeyedPart> sources, boolean strings, int k, boolean asCodes) {
    int blockSize = settings.blockSize();
    int rank = settings.rank();
    JavaRDD<Tuple2<Long, TableBlock>> sourceBlocks =
        sources
            .javaRDD()
            .mapPartitionsWithIndex(
                (partition, parts) ->
                    numbered(partition, new BlockBuilder(parts, rank, strings, true, blockSize, 0)),
                false)
            .persist(StorageLevel.MEMORY_AND_DISK());
    JavaRDD<TopRow> rowsOut =
        JavaPairRDD.fromJavaRDD(
                blocks.cartesian(sourceBlocks).mapPartitions(pairs -> score(pairs, k)))
            .reduceByKey((a, b) -> a.merge(b, k), partitions)
            .flatMap(pair -> pair._2().rows(asCodes));
    return session.createDataset(rowsOut.rdd(), Encoders.bean(TopRow.class));
  }

  private static Iterator<Tuple2<Long, TableBlock>> numbered(
      int partition, Iterator<TableBlock> blocks) {
    return new Iterator<>() {
      private long next = (long) partition << 32;

      @Override
      public boolean hasNext() {
        return blocks.hasNext();
      }

      @Override
      public Tuple2<Long, TableBlock> next() {
        return new Tuple2<>(next++, blocks.next());
      }
    };
  }

  /** Scores pairs of blocks; the pairs of one target block follow each other. */
  private static Iterator<Tuple2<Long, TopBlock>> score(
      Iterator<Tuple2<TableBlock, Tuple2<Long, TableBlock>>> pairs, int k) {
    return new Iterator<>() {
      private TableBlock targets;
      private Scorer scorer;

      @Override
      public boolean hasNext() {
        return pairs.hasNext();
      }

      @Override
      public Tuple2<Long, TopBlock> next() {
        Tuple2<TableBlock, Tuple2<Long, TableBlock>> pair = pairs.next();
        if (pair._1() != targets) {
          targets = pair._1();
          scorer = new Scorer(targets.newIndex(), k);
        }
        TableBlock sources = pair._2()._2();
        return new Tuple2<>(pair._2()._1(), TopBlock.score(sources, targets, scorer, k));
      }
    };
  }

  /** Puts the numbered rows of a partition into blocks. */
  private static final class Blocks
      implements FlatMapFunction<Iterator<Tuple2<LinkedRow, Long>>, TableBlock> {
    private static final long serialVersionUID = 1L;

    private final ScoringSettings settings;
    private final boolean strings;

    Blocks(ScoringSettings settings, boolean strings) {
      this.settings = settings;
      this.strings = strings;
    }

    @Override
    public Iterator<TableBlock> call(Iterator<Tuple2<LinkedRow, Long>> rows) {
      if (!rows.hasNext()) {
        return List.<TableBlock>of().iterator();
      }
      Tuple2<LinkedRow, Long> first = rows.next();
      Iterator<LinkedRow> all =
          new Iterator<>() {
            private LinkedRow next = first._1();

            @Override
            public boolean hasNext() {
              return next != null;
            }

            @Override
            public LinkedRow next() {
              LinkedRow row = next;
              next = rows.hasNext() ? rows.next()._1() : null;
              return row;
            }
          };
      int size = (int) Math.min(1 << 20, (long) TARGET_BLOCK * settings.blockSize());
      return new BlockBuilder(
          all, settings.rank(), strings, false, size, Math.toIntExact(first._2()));
    }
  }

  /** Lists the codes of a block's ids. */
  private static final class Codes implements FlatMapFunction<TableBlock, IdPair> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<IdPair> call(TableBlock block) {
      List<IdPair> codes = new ArrayList<>(block.rows());
      for (int r = 0; r < block.rows(); r++) {
        IdPair code = new IdPair();
        if (block.names != null) {
          code.setTargetName(block.names[r]);
        } else {
          code.setTargetNumber(block.numbers[r]);
        }
        code.setCode(block.firstCode + r);
        codes.add(code);
      }
      return codes.iterator();
    }
  }
}
