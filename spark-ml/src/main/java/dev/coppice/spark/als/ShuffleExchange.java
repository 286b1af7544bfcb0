package dev.coppice.spark.als;

import dev.coppice.core.als.HalfSweep;
import dev.coppice.core.als.InteractionBlock;
import dev.coppice.core.als.RowCode;
import dev.coppice.core.als.Side;
import dev.coppice.core.table.SparseTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/**
 * Rows travel from block to block: each source block sends every other block just the rows that its
 * interactions name, as in MLlib's ALS. No table is ever on the driver or whole in one task.
 */
final class ShuffleExchange implements RowExchange {
  private final Plan plan;
  private final Map<Side, JavaRDD<Numbered<RowRequests>>> requests = new EnumMap<>(Side.class);
  private final Map<Side, JavaRDD<Numbered<SparseTable>>> present = new EnumMap<>(Side.class);
  private final Map<Side, JavaRDD<Numbered<SparseTable>>> best = new EnumMap<>(Side.class);
  private final Map<Side, JavaRDD<Numbered<SparseTable>>> memory = new EnumMap<>(Side.class);
  private final Map<Side, JavaRDD<Numbered<List<RowMessage>>>> messages = new EnumMap<>(Side.class);
  private final Map<Side, Broadcast<SideSums>> sums = new EnumMap<>(Side.class);

  ShuffleExchange(Plan plan) {
    this.plan = plan;
    for (Side src : Side.values()) {
      JavaRDD<Numbered<RowRequests>> asked = requests(src).persist(plan.storage());
      requests.put(src, asked);
      asked.count();
    }
    plan.layout().nameNeededRows(plan.storage());
  }

  /** Turns the codes of the other side's interactions into requests to the blocks of src. */
  private JavaRDD<Numbered<RowRequests>> requests(Side src) {
    RowCode code = plan.layout().code();
    int numBlocks = plan.layout().partitioner().blocks();
    return InteractionLayout.assemble(
        plan.layout()
            .interactions(src.other())
            .flatMapToPair(
                dst -> {
                  NeededRows needed = NeededRows.of(dst.value(), code, numBlocks);
                  List<Tuple2<Integer, RowRequest>> asked = new ArrayList<>();
                  for (int block = 0; block < numBlocks; block++) {
                    int[] rows = needed.rows(block);
                    if (rows.length > 0) {
                      asked.add(new Tuple2<>(block, new RowRequest(dst.block(), rows)));
                    }
                  }
                  return asked.iterator();
                }),
        plan.layout().partitioner(),
        (block, asked) -> {
          RowRequest[] sorted = asked.toArray(new RowRequest[0]);
          Arrays.sort(sorted, (a, b) -> Integer.compare(a.block(), b.block()));
          int[] blocks = new int[sorted.length];
          int[][] rows = new int[sorted.length][];
          for (int i = 0; i < sorted.length; i++) {
            blocks[i] = sorted[i].block();
            rows[i] = sorted[i].rows();
          }
          return new RowRequests(blocks, rows);
        });
  }

  private JavaRDD<Numbered<List<RowMessage>>> messages(Side src) {
    return InteractionLayout.assemble(
        present
            .get(src)
            .zipPartitions(
                requests.get(src),
                (tables, asked) ->
                    Zipped.of(
                        tables,
                        asked,
                        (table, request) ->
                            new Numbered<>(
                                table.block(), new Outgoing(table.value(), request.value()))))
            .flatMapToPair(
                out -> {
                  List<Tuple2<Integer, RowMessage>> sent = new ArrayList<>();
                  RowRequests asked = out.value().requests();
                  for (int i = 0; i < asked.blocks().length; i++) {
                    sent.add(
                        new Tuple2<>(
                            asked.blocks()[i],
                            new RowMessage(
                                out.block(), out.value().table().only(asked.rows()[i]))));
                  }
                  return sent.iterator();
                }),
        plan.layout().partitioner(),
        (block, arrived) -> new ArrayList<>(arrived));
  }

  /** A source block and what is asked of it; inside a task only. */
  private record Outgoing(SparseTable table, RowRequests requests) {}

  /** A block's interactions and rows; inside a task only. */
  private record Own(InteractionBlock interactions, SparseTable table) {}

  @Override
  public JavaRDD<Numbered<BlockInput>> inputs(Side side) {
    Side src = side.other();
    JavaRDD<Numbered<List<RowMessage>>> arriving =
        messages.computeIfAbsent(side, s -> messages(src).persist(plan.storage()));
    Broadcast<SideSums> ofOthers = sums.get(src);
    StepPlan steps = plan.steps(side);
    int rank = plan.budget(src).rank();
    int numBlocks = plan.layout().partitioner().blocks();
    return plan.layout()
        .interactions(side)
        .zipPartitions(
            present.get(side),
            (blocks, tables) ->
                Zipped.of(
                    blocks,
                    tables,
                    (block, table) ->
                        new Numbered<>(block.block(), new Own(block.value(), table.value()))))
        .zipPartitions(
            arriving,
            (owned, lists) ->
                Zipped.of(
                    owned,
                    lists,
                    (own, list) -> {
                      SparseTable[] tables = new SparseTable[numBlocks];
                      Arrays.fill(tables, SparseTable.empty(rank, 0));
                      for (RowMessage message : list.value()) {
                        tables[message.srcBlock()] = message.table();
                      }
                      HalfSweep step =
                          steps.step(tables, ofOthers == null ? null : ofOthers.value());
                      return new Numbered<>(
                          own.block(),
                          new BlockInput(own.value().interactions(), own.value().table(), step));
                    }));
  }

  @Override
  public Published publish(Side side, JavaRDD<Numbered<SolvedBlock>> solved, int sweep) {
    JavaRDD<Numbered<SolvedBlock>> kept = solved.persist(plan.storage());
    JavaRDD<Numbered<SparseTable>> tables =
        kept.map(block -> new Numbered<>(block.block(), block.value().table()))
            .persist(plan.storage());
    boolean checkpoint =
        plan.checkpointInterval() > 0
            && plan.spark().getCheckpointDir().isPresent()
            && sweep > 0
            && sweep % plan.checkpointInterval() == 0;
    if (checkpoint) {
      tables.checkpoint();
    }
    Published published;
    try {
      published = new Publishing(plan, false).run(side, kept);
      tables.count();
    } catch (Exception e) {
      // Spark throws checked exceptions without declaring them.
      tables.unpersist(false);
      throw e;
    } finally {
      kept.unpersist(false);
    }
    if (messages.containsKey(side)) {
      messages.remove(side).unpersist(false);
    }
    JavaRDD<Numbered<SparseTable>> old = present.put(side, tables);
    if (old != null && !old.equals(best.get(side))) {
      old.unpersist(false);
    }
    // The one before is not destroyed: the lineage of older rows may still ask for it.
    SideSums ofSide = published.sums();
    if (!ofSide.isEmpty()) {
      sums.put(side, plan.spark().broadcast(ofSide));
    }
    return published;
  }

  @Override
  public void keepBest() {
    for (Side side : Side.values()) {
      JavaRDD<Numbered<SparseTable>> old = best.put(side, present.get(side));
      if (old != null && !old.equals(present.get(side))) {
        old.unpersist(false);
      }
    }
  }

  @Override
  public void restoreBest(Side side, JavaRDD<Numbered<SparseTable>> rows) {
    best.put(side, rows.persist(plan.storage()));
    rows.count();
  }

  @Override
  public void rebase(
      Side side,
      JavaRDD<Numbered<SparseTable>> presentRows,
      JavaRDD<Numbered<SparseTable>> bestRows) {
    JavaRDD<Numbered<SparseTable>> oldPresent = present.get(side);
    JavaRDD<Numbered<SparseTable>> oldBest = best.get(side);
    present.put(side, presentRows.persist(plan.storage()));
    presentRows.count();
    if (!bestRows.equals(presentRows)) {
      bestRows.persist(plan.storage()).count();
    }
    best.put(side, bestRows);
    oldPresent.unpersist(false);
    if (oldBest != null) {
      oldBest.unpersist(false);
    }
  }

  @Override
  public JavaRDD<Numbered<SparseTable>> present(Side side) {
    return present.get(side);
  }

  @Override
  public JavaRDD<Numbered<SparseTable>> best(Side side) {
    return best.get(side);
  }

  @Override
  public void remember(Side side, JavaRDD<Numbered<SparseTable>> blocks) {
    JavaRDD<Numbered<SparseTable>> kept = blocks.persist(plan.storage());
    kept.count();
    JavaRDD<Numbered<SparseTable>> old = memory.put(side, kept);
    if (old != null) {
      old.unpersist(false);
    }
  }

  @Override
  public JavaRDD<Numbered<SparseTable>> memory(Side side) {
    return memory.get(side);
  }

  /** Nothing here is destroyed, so they can always be computed again. */
  @Override
  public JavaRDD<Numbered<SparseTable>> detached(JavaRDD<Numbered<SparseTable>> blocks) {
    return blocks;
  }

  @Override
  public String describe() {
    return "shuffle";
  }

  @Override
  public void release() {
    for (Side side : Side.values()) {
      requests.get(side).unpersist(false);
      if (present.containsKey(side)) {
        present.get(side).unpersist(false);
      }
      if (best.containsKey(side)) {
        best.get(side).unpersist(false);
      }
      if (messages.containsKey(side)) {
        messages.get(side).unpersist(false);
      }
      if (memory.containsKey(side)) {
        memory.get(side).unpersist(false);
      }
    }
  }
}
