package dev.coppice.spark;

import dev.coppice.core.als.AlsObjective.Feedback;
import dev.coppice.core.error.BadInputException;
import dev.coppice.files.AtomicDirectory;
import dev.coppice.spark.rank.FoldIn;
import dev.coppice.spark.store.FoldedBatch;
import dev.coppice.spark.stream.BatchPlace;
import dev.coppice.spark.stream.Histories;
import dev.coppice.spark.stream.Incoming;
import dev.coppice.spark.stream.ModelFingerprint;
import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.RowTable;
import dev.coppice.spark.table.Schemas;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the rows of users up to date from a stream of interactions: each micro-batch folds in the
 * users it mentions, from all that they have had so far, and writes their new rows.
 *
 * <pre>{@code
 * FoldInStream stream = new FoldInStream(model, "folded").withLists(20);
 * StreamingQuery query = stream.writer(plays).start();
 * }</pre>
 *
 * <p>{@link #writer} hands {@link #fold} to {@code foreachBatch}, with a checkpoint inside the
 * place. A batch N becomes the directory {@code batch=N}:
 *
 * <ul>
 *   <li>{@code users/}: {@code id, dims, weights} and, where the model has neighbours, {@code
 *       links}, as {@link DynamicSparseALSModel#foldIn} gives them;
 *   <li>{@code lists/}, if asked for: each of these users' best items without those the user has;
 *   <li>{@code rejected/}: rows that could not be used, each with its {@code reason};
 *   <li>{@code histories/}: what these users have now; from time to time, what all users have;
 *   <li>{@code batch.json}: how many of what.
 * </ul>
 *
 * <p><b>Exactly once.</b> The directory appears whole, by one rename. It holds both what the next
 * batches build on and what came out, so that no failure can come between the two: a batch is there
 * and is not done again, or it is not there and is done from the batches before it, to the same
 * bytes. That Spark gives a repeated batch the same rows is checked by a fingerprint. Spark's own
 * keyed state ({@code flatMapGroupsWithState}) would hold the histories in the checkpoint, where
 * they are tied to a number of partitions and a version of Spark, cannot be read as a table, and
 * cannot be rid of one user; here they are Parquet. The price: every batch reads the histories of
 * all users once, to find those it mentions.
 *
 * <p>A place belongs to one model and one checkpoint. Batches come in order, from 0 and without a
 * gap, as Spark gives them; one at a time. Immutable: each {@code with} method gives another
 * object.
 */
public final class FoldInStream {
  /** Most pairs of a history, unless told otherwise. */
  public static final int MOST = 1000;

  // As many directories are read for the histories at most.
  private static final int HISTORIES = 10;

  // The batch that what was there before the stream counts for.
  private static final long PAST = -1;

  private static final Logger LOG = LoggerFactory.getLogger(FoldInStream.class);

  private final DynamicSparseALSModel model;
  private final String place;
  private String weightCol = "";
  private boolean latest;
  private int most = MOST;
  private int listLength;
  private String reason = "";
  private String text = "";
  private Dataset<Row> past;
  private String fingerprint;
  private double[] gramian;

  /**
   * What a batch builds on.
   *
   * @param histories null if there are none
   * @param users that have them
   * @param parts the batches that they lie in
   * @param forgotten pairs that are not in them for their bound, and were not counted yet
   * @param whole whether all of them are written again
   */
  private record Earlier(
      Dataset<Row> histories, long users, List<Long> parts, long forgotten, boolean whole) {}

  /**
   * A stream whose interactions weigh 1 each, however often a pair comes.
   *
   * @param model whose item rows users are solved with, and whose {@code userCol} and {@code
   *     itemCol} the stream has
   * @param place directory of the batches
   */
  public FoldInStream(DynamicSparseALSModel model, String place) {
    this.model = model;
    this.place = place;
  }

  /** A copy, which the caller changes before anybody sees it. */
  private FoldInStream(FoldInStream other) {
    this(other.model, other.place);
    weightCol = other.weightCol;
    latest = other.latest;
    most = other.most;
    listLength = other.listLength;
    reason = other.reason;
    text = other.text;
    past = other.past;
  }

  /**
   * Takes weights or ratings from a column.
   *
   * @param latest whether the weight of a pair that comes again replaces the earlier one, as a
   *     rating does, instead of being added, as a count is; of several in one batch the greatest
   *     counts
   */
  public FoldInStream withWeights(String column, boolean latest) {
    FoldInStream changed = new FoldInStream(this);
    changed.weightCol = column;
    changed.latest = latest;
    return changed;
  }

  /** Writes lists of at most {@code k} items too; 0 for none. */
  public FoldInStream withLists(int k) {
    require("the length of lists", k, 0);
    FoldInStream changed = new FoldInStream(this);
    changed.listLength = k;
    return changed;
  }

  /**
   * Bounds what is kept of a user.
   *
   * @param most pairs, {@value #MOST} by default; those that came last longest ago fall out, and
   *     are counted
   */
  public FoldInStream withHistory(int most) {
    require("the length of histories", most, 1);
    FoldInStream changed = new FoldInStream(this);
    changed.most = most;
    return changed;
  }

  /**
   * Sets rows aside that were found to be bad before.
   *
   * @param reason column that says why, null in rows that are good
   * @param text column of what is kept of such a row
   */
  public FoldInStream withReasons(String reason, String text) {
    FoldInStream changed = new FoldInStream(this);
    changed.reason = reason;
    changed.text = text;
    return changed;
  }

  /**
   * Begins with what users had before the stream, as what the model was trained on: batch 0 writes
   * it as their histories. Of users whom no batch mentions no row is made.
   *
   * @param pairs the columns of the stream; rows that cannot be used are left out
   */
  public FoldInStream withPast(Dataset<Row> pairs) {
    FoldInStream changed = new FoldInStream(this);
    changed.past = pairs;
    return changed;
  }

  private static void require(String what, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          what + " is " + value + "; allowed: " + least + " or more");
    }
  }

  /**
   * Returns a query that is yet to be started, with its checkpoint in {@code _checkpoint} of the
   * place; trigger, name and another checkpoint may be set.
   *
   * @param interactions a streaming Dataset
   */
  public DataStreamWriter<Row> writer(Dataset<Row> interactions) {
    return interactions
        .writeStream()
        .option("checkpointLocation", place + "/_checkpoint")
        .foreachBatch((VoidFunction2<Dataset<Row>, Long>) this::fold);
  }

  /**
   * Folds in the users of one batch; for {@code foreachBatch}. A batch that is there already is
   * left as it is.
   *
   * @param batch has the model's {@code userCol} and {@code itemCol}, and the columns that were
   *     named
   * @param id number of the batch
   * @return what the batch did, now or before
   * @throws IllegalArgumentException if a column is missing or of a wrong type
   * @throws BadInputException if the place does not fit: it is another model's, lacks the batch
   *     before this one, or holds this one made of other rows
   */
  public FoldedBatch fold(Dataset<Row> batch, long id) throws IOException {
    IdType users = Schemas.requireId(batch.schema(), "userCol", model.getUserCol());
    SparkSession session = session();
    BatchPlace batches = new BatchPlace(session, place);
    Optional<FoldedBatch> done = batches.read(id);
    Optional<FoldedBatch> before = done.isPresent() ? done : before(batches, id);
    if (before.isPresent()) {
      refuseOther(before.get(), users);
    }
    // In the session of the model: that of a query plans without looking at sizes.
    Dataset<Row> rows = session.createDataFrame(batch.toJavaRDD(), batch.schema());
    try (Incoming incoming = incoming(rows, users, reason)) {
      if (done.isEmpty()) {
        return before.isEmpty() && past != null
            ? foldFirst(batches, incoming, users)
            : fold(batches, incoming, users, id, earlier(batches, users, before, incoming));
      }
      if (!done.get().fingerprint().equals(incoming.fingerprint())
          || done.get().rows() != incoming.count()) {
        throw new BadInputException(
            batches.of(id)
                + " is there and was made of other rows: the checkpoint of the query is not the one"
                + " that belongs to the place. Give each checkpoint a place of its own.");
      }
      return done.get();
    }
  }

  private Incoming incoming(Dataset<Row> rows, IdType users, String reason) {
    Incoming.Names names =
        new Incoming.Names(model.getUserCol(), model.getItemCol(), weightCol, reason, text);
    boolean negative = model.info().objective().feedback() == Feedback.EXPLICIT;
    return new Incoming(rows, names, users, model.itemTable(), negative);
  }

  private Histories.Rule rule() {
    return new Histories.Rule(!weightCol.isEmpty(), latest, most);
  }

  private StructType schema(IdType users) {
    return Histories.schema(users, model.itemTable().idType());
  }

  private FoldedBatch foldFirst(BatchPlace batches, Incoming incoming, IdType users)
      throws IOException {
    try (Incoming had = incoming(past, users, "")) {
      if (had.rejectedRows() > 0) {
        LOG.warn("rows of the past are left out: {}", had.rejected());
      }
      Dataset<Row> histories = Histories.grown(had.usable(), null, PAST, rule());
      Histories.Counts counts = Histories.Counts.of(histories, PAST);
      Earlier earlier = new Earlier(histories, counts.users(), List.of(), counts.dropped(), true);
      return fold(batches, incoming, users, 0, earlier);
    }
  }

  private Earlier earlier(
      BatchPlace batches, IdType users, Optional<FoldedBatch> before, Incoming incoming) {
    List<Long> parts = before.map(FoldedBatch::histories).orElse(List.of());
    return new Earlier(
        batches.histories(parts, schema(users)),
        before.map(FoldedBatch::allUsers).orElse(0L),
        parts,
        0,
        incoming.usableRows() > 0 && parts.size() >= HISTORIES);
  }

  private Optional<FoldedBatch> before(BatchPlace batches, long id) throws IOException {
    if (id == 0) {
      return Optional.empty();
    }
    Optional<FoldedBatch> before = batches.read(id - 1);
    if (before.isEmpty()) {
      OptionalLong newest = batches.newest();
      throw new BadInputException(
          "batch "
              + id
              + " is next, and "
              + (newest.isPresent()
                  ? "the newest in \"" + batches + "\" is " + newest.getAsLong()
                  : "there is none in \"" + batches + "\"")
              + ": what users had until then is missing. Give the query the place that belongs to"
              + " its checkpoint, or a new checkpoint and a new place.");
    }
    return before;
  }

  private void refuseOther(FoldedBatch before, IdType users) {
    if (!before.model().equals(fingerprint())) {
      throw new BadInputException(
          "\""
              + place
              + "\" holds rows of another model, which cannot be compared with those of this one."
              + " Begin a new place and a new checkpoint with a new model.");
    }
    if (!before.userIds().equals(users.key())) {
      throw new BadInputException(
          "userCol '"
              + model.getUserCol()
              + "' holds ids of type "
              + users.key()
              + ", and those in \""
              + place
              + "\" are of type "
              + before.userIds()
              + ". Cast the column.");
    }
  }

  private FoldedBatch fold(
      BatchPlace batches, Incoming incoming, IdType users, long id, Earlier earlier)
      throws IOException {
    long usable = incoming.usableRows();
    boolean grows = usable > 0 || earlier.whole;
    FoldedBatch folded;
    try (AtomicDirectory directory = batches.begin(id)) {
      Histories.Counts counts = new Histories.Counts(0, 0, 0, 0);
      if (grows) {
        Dataset<Row> grown = Histories.grown(incoming.usable(), earlier.histories, id, rule());
        Dataset<Row> all =
            earlier.whole ? grown.union(Histories.others(earlier.histories, grown)) : grown;
        long count = earlier.whole ? earlier.users + usable : usable;
        Dataset<Row> now =
            batches
                .writeHistories(directory, all, count, schema(users))
                .where(Histories.grewIn(id));
        counts = Histories.Counts.of(now, id);
        if (counts.users() > 0) {
          writeRows(directory, now, users, counts.users());
        }
      }
      if (incoming.rejectedRows() > 0) {
        BatchPlace.write(
            incoming.setAside(), incoming.rejectedRows(), "reason", directory.child("rejected"));
      }
      folded =
          new FoldedBatch(
              id,
              fingerprint(),
              users.key(),
              model.itemTable().idType().key(),
              incoming.count(),
              incoming.fingerprint(),
              incoming.rejected(),
              counts.users(),
              counts.newUsers(),
              earlier.users + counts.newUsers(),
              counts.pairs(),
              earlier.forgotten + counts.dropped(),
              parts(earlier.parts, id, grows, earlier.whole));
      directory.writeText(BatchPlace.JSON, folded.toJson());
      directory.publish();
    }
    if (earlier.whole) {
      batches.removeHistories(earlier.parts);
    }
    return folded;
  }

  private static List<Long> parts(List<Long> before, long id, boolean grown, boolean whole) {
    List<Long> parts = whole ? new ArrayList<>() : new ArrayList<>(before);
    if (grown) {
      parts.add(id);
    }
    return parts;
  }

  private void writeRows(
      AtomicDirectory directory, Dataset<Row> histories, IdType users, long count) {
    Dataset<Row> pairs = named(histories, users);
    String path = directory.child("users");
    Dataset<Row> solved = foldIn(pairs).userRows().drop(RowTable.DEGREE);
    BatchPlace.write(solved, count, RowTable.ID, path);
    if (listLength > 0) {
      RowTable rows = new RowTable(path, session().read().schema(solved.schema()).parquet(path));
      Dataset<Row> lists =
          model
              .withTables(model.info(), rows, model.itemTable())
              .recommendForAllUsers(listLength, pairs);
      BatchPlace.write(lists, count, model.getUserCol(), directory.child("lists"));
    }
  }

  private DynamicSparseALSModel foldIn(Dataset<Row> pairs) {
    return model.foldIn(pairs, weightCol.isEmpty() ? null : weightCol, gramian());
  }

  /** The pairs of histories in the columns of the model and the stream. */
  private Dataset<Row> named(Dataset<Row> histories, IdType users) {
    return Histories.pairs(histories)
        .select(
            functions.col("user").cast(users.sqlType()).as(model.getUserCol()),
            functions.col("item").as(model.getItemCol()),
            functions.col("weight").as(weightCol.isEmpty() ? "weight" : weightCol));
  }

  /**
   * Returns what all users have after the newest batch: {@code userCol}, {@code itemCol} and the
   * weight, as for {@code seen} or to train with.
   *
   * @throws BadInputException if there is no batch yet
   */
  public Dataset<Row> histories() throws IOException {
    BatchPlace batches = new BatchPlace(session(), place);
    OptionalLong newest = batches.newest();
    FoldedBatch last =
        (newest.isPresent() ? batches.read(newest.getAsLong()) : Optional.<FoldedBatch>empty())
            .orElseThrow(
                () ->
                    new BadInputException(
                        "\"" + place + "\" holds no batch yet; start the query, or correct it"));
    IdType users = IdType.parse(last.userIds());
    StructType schema = Histories.schema(users, IdType.parse(last.itemIds()));
    Dataset<Row> all = batches.histories(last.histories(), schema);
    return named(all == null ? session().createDataFrame(List.of(), schema) : all, users);
  }

  /**
   * Returns a model whose user table holds the users of the stream, each row as its last batch
   * wrote it; to rank, save or export.
   *
   * @throws BadInputException if there is no batch yet
   */
  public DynamicSparseALSModel folded() throws IOException {
    return foldIn(histories());
  }

  private SparkSession session() {
    return model.itemRows().sparkSession();
  }

  /** G is that of every batch. */
  private synchronized double[] gramian() {
    if (gramian == null) {
      gramian = FoldIn.needed(model.itemTable(), model.info());
    }
    return gramian;
  }

  private synchronized String fingerprint() {
    if (fingerprint == null) {
      fingerprint = ModelFingerprint.of(model.itemTable(), model.info());
    }
    return fingerprint;
  }
}
