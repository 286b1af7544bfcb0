package dev.coppice.spark.als;

import dev.coppice.core.als.HalfSweep;
import dev.coppice.core.als.Side;
import dev.coppice.core.table.SparseTable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;

/**
 * Rows travel by broadcast: after each half-sweep the driver collects the table just solved and
 * sends it to every executor once. So no row depends on an earlier job, a lost task is computed
 * again from interactions and broadcasts alone, and no checkpoint is needed.
 */
final class BroadcastExchange implements RowExchange {
  private final Plan plan;
  private final Map<Side, SparseTable[]> present = new EnumMap<>(Side.class);
  private final Map<Side, SparseTable[]> best = new EnumMap<>(Side.class);
  private final Map<Side, SparseTable[]> memory = new EnumMap<>(Side.class);
  private final Map<Side, Broadcast<SparseTable[]>> rows = new EnumMap<>(Side.class);
  private final Map<Side, Broadcast<SideSums>> sums = new EnumMap<>(Side.class);

  BroadcastExchange(Plan plan) {
    this.plan = plan;
  }

  @Override
  public JavaRDD<Numbered<BlockInput>> inputs(Side side) {
    Side src = side.other();
    Broadcast<SparseTable[]> mine = rows.get(side);
    Broadcast<SparseTable[]> others = rows.get(src);
    Broadcast<SideSums> ofOthers = sums.get(src);
    StepPlan steps = plan.steps(side);
    return plan.layout()
        .interactions(side)
        .mapPartitions(
            blocks -> {
              HalfSweep step =
                  steps.step(others.value(), ofOthers == null ? null : ofOthers.value());
              return new Mapped<>(
                  blocks,
                  b ->
                      new Numbered<>(
                          b.block(), new BlockInput(b.value(), mine.value()[b.block()], step)));
            });
  }

  @Override
  public Published publish(Side side, JavaRDD<Numbered<SolvedBlock>> solved, int sweep) {
    Published published = new Publishing(plan, true).run(side, solved);
    send(side, published);
    return published;
  }

  @Override
  public Map<Side, Published> start(
      JavaRDD<Numbered<SolvedBlock>> users, JavaRDD<Numbered<SolvedBlock>> items) {
    Publishing.Both both = new Publishing(plan, true).run(users, items);
    send(Side.USERS, both.users());
    send(Side.ITEMS, both.items());
    return Map.of(Side.USERS, both.users(), Side.ITEMS, both.items());
  }

  private void send(Side side, Published published) {
    SparseTable[] tables = published.tables(plan.layout().partitioner().blocks());
    drop(side);
    present.put(side, tables);
    rows.put(side, plan.spark().broadcast(tables));
    SideSums ofSide = published.sums();
    if (!ofSide.isEmpty()) {
      sums.put(side, plan.spark().broadcast(ofSide));
    }
  }

  private void drop(Side side) {
    if (rows.containsKey(side)) {
      rows.remove(side).destroy();
    }
    if (sums.containsKey(side)) {
      sums.remove(side).destroy();
    }
  }

  @Override
  public void keepBest() {
    best.putAll(present);
  }

  @Override
  public void restoreBest(Side side, JavaRDD<Numbered<SparseTable>> blocks) {
    best.put(side, collected(blocks));
  }

  private SparseTable[] collected(JavaRDD<Numbered<SparseTable>> blocks) {
    SparseTable[] tables = new SparseTable[plan.layout().partitioner().blocks()];
    for (Numbered<SparseTable> block : blocks.collect()) {
      tables[block.block()] = block.value();
    }
    return tables;
  }

  /** Holds them on the driver, as the rows: what they come from is destroyed after the sweep. */
  @Override
  public void remember(Side side, JavaRDD<Numbered<SparseTable>> blocks) {
    memory.put(side, collected(blocks));
  }

  @Override
  public JavaRDD<Numbered<SparseTable>> memory(Side side) {
    return memory.containsKey(side) ? distribute(memory.get(side)) : null;
  }

  /** Does nothing: no row here depends on an earlier job. */
  @Override
  public void rebase(
      Side side,
      JavaRDD<Numbered<SparseTable>> presentRows,
      JavaRDD<Numbered<SparseTable>> bestRows) {}

  @Override
  public JavaRDD<Numbered<SparseTable>> present(Side side) {
    return distribute(present.get(side));
  }

  @Override
  public JavaRDD<Numbered<SparseTable>> best(Side side) {
    return distribute(best.get(side));
  }

  @Override
  public JavaRDD<Numbered<SparseTable>> detached(JavaRDD<Numbered<SparseTable>> blocks) {
    return distribute(collected(blocks));
  }

  /** Sends every block to the partition that holds its interactions. */
  private JavaRDD<Numbered<SparseTable>> distribute(SparseTable[] tables) {
    Broadcast<SparseTable[]> all = plan.spark().broadcast(tables);
    BlockPartitioner partitioner = plan.layout().partitioner();
    List<Integer> partitions = new ArrayList<>();
    for (int p = 0; p < partitioner.numPartitions(); p++) {
      partitions.add(p);
    }
    int step = partitioner.numPartitions();
    int numBlocks = partitioner.blocks();
    return plan.spark()
        .parallelize(partitions, step)
        .flatMap(
            first -> {
              List<Numbered<SparseTable>> mine = new ArrayList<>();
              for (int block = first; block < numBlocks; block += step) {
                mine.add(new Numbered<>(block, all.value()[block]));
              }
              return mine.iterator();
            });
  }

  @Override
  public String describe() {
    return "broadcast";
  }

  @Override
  public void release() {
    drop(Side.USERS);
    drop(Side.ITEMS);
  }
}
