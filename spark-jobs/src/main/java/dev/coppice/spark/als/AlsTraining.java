package dev.coppice.spark.als;

import dev.coppice.core.als.Continuation;
import dev.coppice.core.als.DynamicSparseTrainer;
import dev.coppice.core.als.InteractionBlock;
import dev.coppice.core.als.Side;
import dev.coppice.core.als.SweepRecord;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.table.Budget;
import dev.coppice.core.table.ByteAccount;
import dev.coppice.core.table.SparseTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
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

  private final SparkSession session;
  private final TrainingSpec spec;
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  /** Prepares a run. */
  public AlsTraining(SparkSession session, TrainingSpec spec) {
    this.session = session;
    this.spec = spec;
  }

  /**
   * Trains.
   *
   * @param interactions columns 0 to 2: item (long), user (long), weight or rating (float), none of
   *     them null or not finite
   * @param heldOut interactions of the same form to validate on; null for none
   * @param initial tables to start from; null to start from random ones
   * @param listener told after every sweep
   * @throws BadInputException if the tables to start from are damaged, or too large to be kept
   * @throws IllegalArgumentException if there are no interactions, or too few weights for the rows
   */
  public TrainedTables train(
      Dataset<Row> interactions,
      Dataset<Row> heldOut,
      InitialTables initial,
      Consumer<SweepRecord> listener) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    long start = System.nanoTime();
    JavaRDD<InternalRow> rows = interactions.queryExecution().toRdd().toJavaRDD();
    int partitions =
        spec.numPartitions() > 0
            ? spec.numPartitions()
            : Math.max(2 * spark.defaultParallelism(), rows.getNumPartitions());
    BlockPartitioner partitioner = new BlockPartitioner(spec.numBlocks(), partitions);
    spark.setJobDescription("lay out interactions");
    GivenTables given =
        initial == null ? null : new GivenTables(initial, spec.rank(), partitioner, spec.storage());
    InteractionLayout layout =
        new InteractionLayout(rows, given, spec.objective(), partitioner, spec.storage());
    Plan plan = plan(spark, layout, initial);
    boolean broadcast = broadcasts(plan);
    Validation validation = null;
    if (heldOut != null) {
      validation =
          new Validation(
              heldOut.queryExecution().toRdd().toJavaRDD(),
              layout,
              spec.metrics(),
              spec.rank(),
              broadcast,
              spec.storage());
    }
    phase("layout", start);
    start = System.nanoTime();
    if (!broadcast) {
      warnWithoutCheckpoints(spark);
    }
    RowExchange exchange = broadcast ? new BroadcastExchange(plan) : new ShuffleExchange(plan);
    WarmStart warm = given == null ? null : new WarmStart(plan, given, spec.seed());
    Start begin = warm == null ? new FreshStart(plan, spec.seed()) : warm;
    SparkEngine engine = new SparkEngine(plan, exchange, validation, begin);
    DynamicSparseTrainer.Outcome outcome =
        new DynamicSparseTrainer(spec.trainer(), engine, listener).train();
    phase("sweeps", start);
    start = System.nanoTime();
    spark.setJobDescription("hand over the rows");
    Dataset<Row> users = handOver(layout.interactions(Side.USERS), exchange.best(Side.USERS));
    Dataset<Row> items = handOver(layout.interactions(Side.ITEMS), exchange.best(Side.ITEMS));
    TrainingSummary summary =
        new TrainingSummary(
            outcome.sweeps(),
            outcome.bestSweep(),
            layout.counts(Side.USERS).interactions(),
            plan.meanUserDegree(),
            plan.meanItemDegree(),
            plan.users(),
            plan.items(),
            account(plan.users(), outcome.sweeps(), SweepRecord::userExplorationBytes),
            account(plan.items(), outcome.sweeps(), SweepRecord::itemExplorationBytes),
            warm == null ? Map.of() : warm.counts(),
            exchange.describe(),
            partitioner.numPartitions(),
            seconds);
    exchange.release();
    layout.unpersist();
    if (validation != null) {
      validation.unpersist();
    }
    spark.setJobDescription(null);
    phase("hand over", start);
    return new TrainedTables(users, items, summary);
  }

  private void phase(String name, long start) {
    seconds.put(name, (System.nanoTime() - start) / 1e9);
  }

  private Plan plan(
      JavaSparkContext spark, InteractionLayout layout, InitialTables initial) {
    InitialTables.Kept kept = initial == null ? null : initial.kept();
    long users = layout.counts(Side.USERS).rows();
    long items = layout.counts(Side.ITEMS).rows();
    double interactions = layout.counts(Side.USERS).interactions();
    double userDegree = interactions / layout.counts(Side.USERS).activeRows();
    double itemDegree = interactions / layout.counts(Side.ITEMS).activeRows();
    if (interactions == 0) {
      layout.unpersist();
      throw new IllegalArgumentException(
          "there are no interactions to train on; at least one is needed");
    }
    return new Plan(
        spark,
        layout,
        spec.objective(),
        userDegree,
        itemDegree,
        budget(kept == null ? null : kept.users(), users),
        budget(kept == null ? null : kept.items(), items),
        spec.minWeightsPerRow(),
        spec.storage(),
        spec.checkpointInterval(),
        initial == null ? Continuation.NONE : spec.continuation(),
        spec.seed());
  }

  private Budget budget(Long kept, long rows) {
    return kept == null
        ? Budget.of(spec.density(), spec.rank(), rows)
        : Budget.kept(kept, spec.rank(), rows);
  }

  private boolean broadcasts(Plan plan) {
    long largest =
        Math.max(
            ByteAccount.of(plan.users().rows(), plan.users().weights()).tableBytes(),
            ByteAccount.of(plan.items().rows(), plan.items().weights()).tableBytes());
    return largest <= spec.broadcastLimit();
  }

  private void warnWithoutCheckpoints(JavaSparkContext spark) {
    boolean wanted = spec.checkpointInterval() > 0;
    if (wanted && !spark.getCheckpointDir().isPresent()) {
      LOG.warn(
          "checkpointInterval is {}, but Spark has no checkpoint directory: the lineage of the rows"
              + " is not cut, and a lost executor costs all sweeps so far. Set one with"
              + " SparkContext.setCheckpointDir, on a file system that all executors reach.",
          spec.checkpointInterval());
    }
  }

  private static ByteAccount account(
      Budget budget, List<SweepRecord> sweeps, ToLongFunction<SweepRecord> bytes) {
    long peak = sweeps.stream().mapToLong(bytes).max().orElse(0);
    return ByteAccount.of(budget.rows(), budget.weights()).withExploration(peak);
  }

  private Dataset<Row> handOver(
      JavaRDD<Numbered<InteractionBlock>> interactions, JavaRDD<Numbered<SparseTable>> tables) {
    JavaRDD<Row> rows =
        interactions
            .zipPartitions(
                tables,
                (blocks, weights) ->
                    Zipped.of(
                        blocks,
                        weights,
                        (block, table) -> new RowsOfBlock(block.value(), table.value())))
            .flatMap(RowsOfBlock::iterator);
    Dataset<Row> frame = session.createDataFrame(rows, ROWS).persist(spec.storage());
    frame.count();
    return frame;
  }

  /** The rows of one block as Spark SQL has them; inside a task only. */
  private record RowsOfBlock(InteractionBlock block, SparseTable table) {
    java.util.Iterator<Row> iterator() {
      return java.util.stream.IntStream.range(0, block.rows())
          .mapToObj(
              row ->
                  RowFactory.create(
                      block.ids()[row],
                      table.rowDims(row),
                      table.rowWeights(row),
                      block.observations(row)))
          .iterator();
    }
  }
}
