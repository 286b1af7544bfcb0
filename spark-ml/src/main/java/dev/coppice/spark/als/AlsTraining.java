package dev.coppice.spark.als;

import dev.coppice.core.als.Continuation;
import dev.coppice.core.als.DynamicSparseTrainer;
import dev.coppice.core.als.InteractionBlock;
import dev.coppice.core.als.KeptScores;
import dev.coppice.core.als.Side;
import dev.coppice.core.als.SweepRecord;
import dev.coppice.core.als.TrainerState;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.mask.ImportanceCode;
import dev.coppice.core.table.Budget;
import dev.coppice.core.table.ByteAccount;
import dev.coppice.core.table.SparseTable;
import dev.coppice.core.table.StartRule;
import dev.coppice.spark.checkpoint.CheckpointManifest;
import dev.coppice.spark.checkpoint.Checkpoints;
import dev.coppice.spark.held.HeldRows;
import dev.coppice.spark.table.RowTable;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A whole training run on Spark: lay out the interactions, sweep, and hand over the best rows. */
public final class AlsTraining {
  private static final Logger LOG = LoggerFactory.getLogger(AlsTraining.class);

  /** Schema of the rows handed over. */
  public static final StructType ROWS =
      new StructType()
          .add("id", DataTypes.LongType, false)
          .add("dims", DataTypes.createArrayType(DataTypes.ShortType, false), false)
          .add("weights", DataTypes.createArrayType(DataTypes.FloatType, false), false)
          .add("degree", DataTypes.IntegerType, false);

  /** Schema of the rows handed over where importances are computed. */
  private static final StructType IMPORTANT_ROWS =
      ROWS.add("importance", DataTypes.createArrayType(DataTypes.ByteType, false), false);

  private final SparkSession session;
  private final TrainingSpec spec;
  private final Checkpoints checkpoints;
  private final Naming naming;
  private final StorageLevel finalStorage;
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  /**
   * Prepares a run.
   *
   * @param checkpoints where state is made durable, and what the run goes on from; null for no
   *     durable state
   * @param naming how the rows are handed over
   * @param finalStorage where they are cached
   */
  public AlsTraining(
      SparkSession session,
      TrainingSpec spec,
      Checkpoints checkpoints,
      Naming naming,
      StorageLevel finalStorage) {
    this.session = session;
    this.spec = spec;
    this.checkpoints = checkpoints;
    this.naming = naming;
    this.finalStorage = finalStorage;
  }

  /**
   * Trains.
   *
   * @param interactions columns 0 to 2: item (long), user (long), weight or rating (float)
   * @param heldOut interactions of the same form to validate on; null for none
   * @param initial tables to start from; null to start from random ones
   * @param listener told of the plan and after every sweep
   * @throws BadInputException if an id or a weight is null, or a weight not finite or, in implicit
   *     feedback, below 0, if the tables to start from are damaged, or too large to be kept, or the
   *     checkpoint to go on from is damaged or of other data
   * @throws IllegalArgumentException if there are no interactions, or too few weights for the rows
   */
  public TrainedTables train(
      Dataset<Row> interactions,
      Dataset<Row> heldOut,
      InitialTables initial,
      TrainingListener listener) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    try (Releases releases = new Releases()) {
      releases.add(() -> spark.setJobDescription(null));
      return train(spark, releases, interactions, heldOut, initial, listener);
    }
  }

  private TrainedTables train(
      JavaSparkContext spark,
      Releases releases,
      Dataset<Row> interactions,
      Dataset<Row> heldOut,
      InitialTables initial,
      TrainingListener listener) {
    long start = System.nanoTime();
    JavaRDD<InternalRow> rows = interactions.queryExecution().toRdd().toJavaRDD();
    int partitions =
        spec.spread().numPartitions() > 0
            ? spec.spread().numPartitions()
            : Math.max(2 * spark.defaultParallelism(), rows.getNumPartitions());
    BlockPartitioner partitioner = new BlockPartitioner(spec.spread().numBlocks(), partitions);
    spark.setJobDescription("lay out interactions");
    InitialBlocks initialBlocks = null;
    if (initial != null) {
      initialBlocks =
          new InitialBlocks(initial, spec.shape().rank(), partitioner, spec.spread().storage());
      releases.add(initialBlocks::release);
    }
    InteractionCheck check = new InteractionCheck(session.sparkContext(), spec.objective());
    InteractionLayout layout =
        new InteractionLayout(
            rows, check, initialBlocks, spec.objective(), partitioner, spec.spread().storage());
    releases.add(layout::unpersist);
    check.require();
    Plan plan = plan(spark, layout, initial);
    boolean broadcast = broadcasts(plan);
    listener.planned(plan.users(), plan.items());
    Validation validation = null;
    if (heldOut != null) {
      validation =
          new Validation(
              heldOut.queryExecution().toRdd().toJavaRDD(),
              check,
              layout,
              spec.metrics(),
              spec.shape().rank(),
              broadcast,
              spec.spread().storage());
      releases.add(validation::unpersist);
    }
    Map<String, Double> popularity = validation == null ? Map.of() : validation.popularity();
    check.require();
    phase("layout", start);
    start = System.nanoTime();
    if (!broadcast && checkpoints == null) {
      warnWithoutCheckpoints(spark);
    }
    RowExchange exchange = broadcast ? new BroadcastExchange(plan) : new ShuffleExchange(plan);
    releases.add(exchange::release);
    Start begin = begin(plan, initialBlocks);
    releases.add(begin::release);
    Consumer<TrainerState> keeper =
        checkpoints == null
            ? state -> {}
            : new DurableState(plan, exchange, checkpoints, begin::counts, listener);
    SparkEngine engine = new SparkEngine(plan, exchange, validation, begin, keeper);
    releases.add(engine::release);
    DynamicSparseTrainer.Outcome outcome =
        new DynamicSparseTrainer(spec.trainer(), engine, listener::swept).train(begin.state());
    if (spec.rule().protects() && outcome.bestSweep() < outcome.sweeps().size()) {
      // Gradients are those of the rows that are handed over.
      engine.presentBest();
    }
    phase("sweeps", start);
    start = System.nanoTime();
    spark.setJobDescription("hand over the rows");
    Dataset<Row> users = handOver(plan, exchange, engine, Side.USERS);
    Dataset<Row> items = handOver(plan, exchange, engine, Side.ITEMS);
    List<Dataset<Row>> tables = HeldRows.filled(finalStorage, List.of(users, items));
    TrainingSummary summary =
        new TrainingSummary(
            outcome.sweeps(),
            outcome.bestSweep(),
            layout.counts(Side.USERS).interactions(),
            plan.meanUserDegree(),
            plan.meanItemDegree(),
            plan.users(),
            plan.items(),
            account(
                plan.users(),
                outcome.sweeps(),
                SweepRecord::userExplorationBytes,
                engine.importanceBytes(Side.USERS)),
            account(
                plan.items(),
                outcome.sweeps(),
                SweepRecord::itemExplorationBytes,
                engine.importanceBytes(Side.ITEMS)),
            begin.counts(),
            exchange.describe(),
            partitioner.numPartitions(),
            popularity,
            seconds);
    phase("hand over", start);
    return new TrainedTables(tables.get(0), tables.get(1), summary);
  }

  private Start begin(Plan plan, InitialBlocks initialBlocks) {
    if (checkpoints != null && checkpoints.resumed().isPresent()) {
      CheckpointManifest manifest = checkpoints.resumed().orElseThrow();
      return new ResumedStart(new DurableState.Stored(plan, checkpoints, manifest), initialBlocks);
    }
    return initialBlocks == null
        ? new FreshStart(plan, spec.seed())
        : new WarmStart(plan, initialBlocks, spec.seed());
  }

  private void phase(String name, long start) {
    seconds.put(name, (System.nanoTime() - start) / 1e9);
  }

  private Plan plan(JavaSparkContext spark, InteractionLayout layout, InitialTables initial) {
    InitialTables.Kept kept = initial == null ? null : initial.kept();
    long users = layout.counts(Side.USERS).rows();
    long items = layout.counts(Side.ITEMS).rows();
    long interactions = layout.counts(Side.USERS).interactions();
    StepPlan.KeptHistory history = history(layout, initial);
    double all = interactions + (history == null ? 0 : history.counts().observations());
    double userDegree = all / layout.counts(Side.USERS).activeRows();
    double itemDegree = all / layout.counts(Side.ITEMS).activeRows();
    if (interactions == 0) {
      throw new IllegalArgumentException(
          "there are no interactions to train on; at least one is needed");
    }
    StartRule.Budgets budgets = budgets(kept, users, items);
    return new Plan(
        spark,
        layout,
        spec.objective(),
        userDegree,
        itemDegree,
        budgets.users(),
        budgets.items(),
        spec.shape().minWeightsPerRow(),
        spec.spread().storage(),
        // Durable state cuts the lineage too.
        checkpoints == null ? spec.spread().checkpointInterval() : -1,
        initial == null ? Continuation.NONE : spec.continuation(),
        spec.rule(),
        spec.seed(),
        history);
  }

  /** Returns what is kept of the interactions of an initial model; null for nothing. */
  private static StepPlan.KeptHistory history(InteractionLayout layout, InitialTables initial) {
    if (initial == null || initial.keepScores().isEmpty()) {
      return null;
    }
    InteractionLayout.BlockCounts.Earlier users = layout.counts(Side.USERS).earlier();
    InteractionLayout.BlockCounts.Earlier items = layout.counts(Side.ITEMS).earlier();
    if (users.interactions() == 0 || users.interactions() != items.interactions()) {
      throw new BadInputException(
          "the model to start from does not tell what it was learnt from: by column degree its"
              + " users have "
              + users.interactions()
              + " interactions and its items "
              + items.interactions()
              + "; both must have the same number, above 0. Train with history = read.");
    }
    return new StepPlan.KeptHistory(
        initial.keepScores().getAsDouble(),
        new KeptScores.Counts(
            users.rows(),
            items.rows(),
            users.activeRows(),
            items.activeRows(),
            users.interactions()));
  }

  private StartRule.Budgets budgets(InitialTables.Kept kept, long users, long items) {
    int rank = spec.shape().rank();
    return kept == null
        ? spec.shape()
            .start()
            .budgets(spec.shape().density(), rank, users, items, spec.shape().minWeightsPerRow())
        : new StartRule.Budgets(
            Budget.kept(kept.users(), rank, users), Budget.kept(kept.items(), rank, items));
  }

  private boolean broadcasts(Plan plan) {
    long largest =
        Math.max(
            ByteAccount.of(plan.users().rows(), plan.users().weights()).tableBytes(),
            ByteAccount.of(plan.items().rows(), plan.items().weights()).tableBytes());
    return largest <= spec.spread().broadcastLimit();
  }

  private void warnWithoutCheckpoints(JavaSparkContext spark) {
    boolean wanted = spec.spread().checkpointInterval() > 0;
    if (wanted && !spark.getCheckpointDir().isPresent()) {
      LOG.warn(
          "checkpointInterval is {}, but Spark has no checkpoint directory: the lineage of the rows"
              + " is not cut, and a lost executor costs all sweeps so far. Set one with"
              + " SparkContext.setCheckpointDir, on a file system that all executors reach.",
          spec.spread().checkpointInterval());
    }
  }

  private ByteAccount account(
      Budget budget,
      List<SweepRecord> sweeps,
      ToLongFunction<SweepRecord> bytes,
      long importanceBytes) {
    long peak = sweeps.stream().mapToLong(bytes).max().orElse(0);
    ByteAccount account =
        ByteAccount.of(budget.rows(), budget.weights()).withExploration(peak + importanceBytes);
    return spec.rule().protects() ? account.withImportance() : account;
  }

  private Dataset<Row> handOver(Plan plan, RowExchange exchange, SparkEngine engine, Side side) {
    JavaRDD<Numbered<RowsOfBlock>> blocks =
        plan.layout()
            .interactions(side)
            .zipPartitions(
                exchange.best(side),
                (mine, weights) ->
                    Zipped.of(
                        mine,
                        weights,
                        (block, table) ->
                            new Numbered<>(
                                block.block(),
                                new RowsOfBlock(block.value(), table.value(), null))));
    boolean important = spec.rule().protects();
    if (important) {
      blocks =
          blocks.zipPartitions(
              engine.importance(side),
              (mine, importances) ->
                  Zipped.of(
                      mine,
                      importances,
                      (rows, importance) ->
                          new Numbered<>(rows.block(), rows.value().with(importance.value()))));
    }
    Dataset<Row> named =
        naming.named(
            side,
            session.createDataFrame(
                blocks.flatMap(block -> block.value().iterator()),
                important ? IMPORTANT_ROWS : ROWS));
    Budget budget = side == Side.USERS ? plan.users() : plan.items();
    return RowTable.isSmall(budget.rows(), budget.weights()) ? RowTable.together(named) : named;
  }

  /** The rows of one block as Spark SQL has them; inside a task only. */
  private record RowsOfBlock(InteractionBlock block, SparseTable table, SparseTable importance) {
    RowsOfBlock with(SparseTable given) {
      return new RowsOfBlock(block, table, given);
    }

    Iterator<Row> iterator() {
      return IntStream.range(0, block.rows()).mapToObj(this::row).iterator();
    }

    private Row row(int row) {
      long id = block.ids()[row];
      int degree = block.allObservations(row);
      return importance == null
          ? RowFactory.create(id, table.rowDims(row), table.rowWeights(row), degree)
          : RowFactory.create(
              id, table.rowDims(row), table.rowWeights(row), degree, importanceOf(row));
    }

    private byte[] importanceOf(int row) {
      byte[] codes = new byte[table.stored(row)];
      for (int i = 0; i < codes.length; i++) {
        codes[i] = ImportanceCode.encode(importance.weights()[importance.begin(row) + i]);
      }
      return codes;
    }
  }
}
