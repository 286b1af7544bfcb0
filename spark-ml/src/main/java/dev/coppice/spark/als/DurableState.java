package dev.coppice.spark.als;

import dev.coppice.core.als.Side;
import dev.coppice.core.als.TrainerState;
import dev.coppice.core.table.SparseTable;
import dev.coppice.spark.checkpoint.BlockRows;
import dev.coppice.spark.checkpoint.CheckpointManifest;
import dev.coppice.spark.checkpoint.Checkpoints;
import dev.coppice.spark.checkpoint.StoredTable;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;

/**
 * Keeps what a run has between two sweeps: every few sweeps the executors write the rows of all
 * blocks, and from then on rows are computed again from these files, not from the sweeps before.
 */
final class DurableState implements Consumer<TrainerState> {
  private final Plan plan;
  private final RowExchange exchange;
  private final Checkpoints checkpoints;
  private final Supplier<Map<Side, InitialCounts>> start;
  private final TrainingListener listener;

  /**
   * Keeps the rows of an exchange.
   *
   * @param start what became of the rows that the run started from
   * @param listener told of each checkpoint
   */
  DurableState(
      Plan plan,
      RowExchange exchange,
      Checkpoints checkpoints,
      Supplier<Map<Side, InitialCounts>> start,
      TrainingListener listener) {
    this.plan = plan;
    this.exchange = exchange;
    this.checkpoints = checkpoints;
    this.start = start;
    this.listener = listener;
  }

  @Override
  public void accept(TrainerState state) {
    if (!checkpoints.isDue(state.sweep())) {
      return;
    }
    long begin = System.nanoTime();
    boolean bestIsPresent = state.bestSweep() == state.sweep();
    Map<String, JavaRDD<BlockRows>> present = new LinkedHashMap<>();
    Map<String, JavaRDD<BlockRows>> best = new LinkedHashMap<>();
    Map<String, Map<String, Long>> counts = new LinkedHashMap<>();
    for (Side side : Side.values()) {
      present.put(key(side), toBlockRows(side, exchange.present(side)));
      if (!bestIsPresent) {
        best.put(key(side), toBlockRows(side, exchange.best(side)));
      }
      JavaRDD<Numbered<SparseTable>> memory = exchange.memory(side);
      if (memory != null) {
        present.put(memoryKey(side), toBlockRows(side, memory));
      }
    }
    start.get().forEach((side, count) -> counts.put(key(side), count.toMap()));
    Optional<CheckpointManifest> saved = checkpoints.save(state, counts, present, best);
    saved.ifPresent(
        made -> {
          rebase(new Stored(plan, checkpoints, made), bestIsPresent);
          checkpoints.removeOthers(made);
        });
    listener.checkpointed(
        state.sweep(),
        saved.isPresent(),
        (System.nanoTime() - begin) / 1e9,
        checkpoints.place().toString());
  }

  private void rebase(Stored stored, boolean bestIsPresent) {
    for (Side side : Side.values()) {
      JavaRDD<Numbered<SparseTable>> present = stored.present(side);
      exchange.rebase(side, present, bestIsPresent ? present : stored.best(side));
      stored.memory(side).ifPresent(memory -> exchange.remember(side, memory));
    }
  }

  private JavaRDD<BlockRows> toBlockRows(Side side, JavaRDD<Numbered<SparseTable>> tables) {
    return plan.layout()
        .interactions(side)
        .zipPartitions(
            tables,
            (blocks, rows) ->
                Zipped.of(
                    blocks,
                    rows,
                    (block, table) ->
                        new BlockRows(
                            block.block(),
                            BlockRows.checksum(block.value().ids()),
                            table.value())));
  }

  static String key(Side side) {
    return SparkEngine.name(side);
  }

  /** What explorations of a side remember is kept as one more table. */
  private static String memoryKey(Side side) {
    return "memory-of-" + key(side);
  }

  /** The tables of a checkpoint, every block at the partition of its interactions. */
  record Stored(Plan plan, Checkpoints checkpoints, CheckpointManifest manifest) {

    JavaRDD<Numbered<SparseTable>> present(Side side) {
      return read(side, manifest.present().get(key(side)));
    }

    JavaRDD<Numbered<SparseTable>> best(Side side) {
      return read(side, manifest.best().get(key(side)));
    }

    /** Returns what explorations of a side remember; empty for nothing. */
    Optional<JavaRDD<Numbered<SparseTable>>> memory(Side side) {
      return Optional.ofNullable(manifest.present().get(memoryKey(side)))
          .map(table -> read(side, table));
    }

    /** Returns what the summary of the run tells of its start. */
    Map<Side, InitialCounts> start() {
      Map<Side, InitialCounts> counts = new EnumMap<>(Side.class);
      for (Side side : Side.values()) {
        Optional.ofNullable(manifest.start().get(key(side)))
            .ifPresent(count -> counts.put(side, InitialCounts.of(count)));
      }
      return counts;
    }

    private JavaRDD<Numbered<SparseTable>> read(Side side, StoredTable table) {
      JavaRDD<Numbered<BlockRows>> stored =
          checkpoints
              .rows(plan.spark(), table, plan.layout().partitioner().numPartitions())
              .map(rows -> new Numbered<>(rows.block(), rows));
      int rank = plan.budget(side).rank();
      return plan.layout()
          .interactions(side)
          .zipPartitions(
              stored,
              (blocks, rows) ->
                  Zipped.of(
                      blocks,
                      rows,
                      (block, row) ->
                          new Numbered<>(
                              block.block(),
                              StoredRows.checked(side, block.value(), row.value(), rank))));
    }
  }
}
