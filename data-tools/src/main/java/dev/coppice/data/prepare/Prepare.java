package dev.coppice.data.prepare;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import dev.coppice.core.error.BadInputException;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Manifest;
import dev.coppice.data.Part;
import dev.coppice.data.read.InputFormat;
import dev.coppice.data.read.InteractionsReader;
import dev.coppice.data.read.Source;
import dev.coppice.data.read.SplitOffsets;
import dev.coppice.files.AtomicDirectory;
import dev.coppice.files.Overlap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * The {@code prepare} job: reads interactions, sets bad rows aside, numbers the ids, settles
 * duplicates, filters, splits, and publishes a {@link CanonicalDataset}.
 *
 * <p>Nothing depends on the number of partitions, on the order in which tasks end or on retries.
 */
public final class Prepare {
  /** The name of the file that marks generated data; {@code generate} writes it. */
  public static final String SYNTHETIC_MARKER = "generated.json";

  private static final StructType ORDINALS =
      new StructType()
          .add("splitFile", DataTypes.StringType, false)
          .add("splitStart", DataTypes.LongType, false)
          .add("ordinal", DataTypes.LongType, false);

  private final SparkSession spark;
  private final PrepareSettings settings;
  // Partitions of every step; 0 to choose by the number of rows.
  private final int fixedTasks;
  private final List<Dataset<Row>> cached = new ArrayList<>();

  private final Consumer<String> said;

  private Prepare(
      SparkSession spark, PrepareSettings settings, int fixedTasks, Consumer<String> said) {
    this.spark = spark;
    this.settings = settings;
    this.fixedTasks = fixedTasks;
    this.said = said;
  }

  /**
   * Runs the job.
   *
   * @param said is told how the work goes, line by line
   * @return the published data set
   * @throws dev.coppice.core.error.UsageException if the output exists and may not be replaced, or
   *     a named column is missing
   * @throws BadInputException if an input is missing or empty, too many rows are bad, duplicates
   *     are refused, or nothing is left; nothing is published then but the bad rows, under the
   *     output's name with {@code .rejected} added
   */
  public static CanonicalDataset run(
      SparkSession spark, PrepareSettings settings, Consumer<String> said) {
    return run(spark, settings, 0, said);
  }

  /** As above, and nobody is told. */
  public static CanonicalDataset run(SparkSession spark, PrepareSettings settings) {
    return run(spark, settings, line -> {});
  }

  /** As above, step by step in a given number of tasks, however small the input; 0 to choose. */
  static CanonicalDataset run(
      SparkSession spark, PrepareSettings settings, int fixedTasks, Consumer<String> said) {
    Prepare job = new Prepare(spark, settings, fixedTasks, said);
    try (AtomicDirectory directory = job.directory()) {
      job.write(directory);
      directory.publish();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "writing \"" + settings.output() + "\" failed: " + e.getMessage(), e);
    } finally {
      job.cached.forEach(Dataset::unpersist);
      spark.sparkContext().clearJobGroup();
    }
    return CanonicalDataset.open(spark, settings.output());
  }

  private AtomicDirectory directory() throws IOException {
    return new AtomicDirectory(
        hadoop(), "output", settings.output(), settings.overwrite(), Manifest.FILE);
  }

  private Configuration hadoop() {
    return spark.sparkContext().hadoopConfiguration();
  }

  private void describe(String step) {
    spark.sparkContext().setJobDescription("prepare: " + step);
  }

  private int tasks(InputReport report) {
    return fixedTasks > 0 ? fixedTasks : Tasks.of(spark, report.goodRows());
  }

  private Dataset<Row> cache(Dataset<Row> rows) {
    cached.add(rows);
    return rows.persist(StorageLevel.MEMORY_AND_DISK());
  }

  private void write(AtomicDirectory directory) throws IOException {
    Optional<CanonicalDataset> previous =
        settings.previous().map(path -> CanonicalDataset.open(spark, path));
    describe("read the input");
    InteractionsReader reader = reader();
    refuseOverlaps();
    Dataset<Row> parsed = cache(reader.rows());
    InputReport report = InputReport.of(parsed);
    if (report.badRows() > 0) {
      describe("set bad rows aside");
      setAside(directory, reader, parsed, report);
    }
    if (report.good().getOrDefault(Part.TRAIN, 0L) == 0) {
      throw new BadInputException(
          "input = "
              + settings.input()
              + " holds no interaction. Give an input with at least one row of user and item.");
    }
    Dataset<Row> good = parsed.where(col("reason").isNull());
    Prepared prepared =
        writeSmall(directory, report, good, previous)
            .orElseGet(() -> writeLarge(directory, report, good, previous));
    Manifest manifest = prepared.manifest(report, settings, isSynthetic(), reader.remarks());
    directory.writeText(Manifest.FILE, manifest.toJson());
  }

  /** In one task, if the input is small; empty if it is not, or if something is to be refused. */
  private Optional<Prepared> writeSmall(
      AtomicDirectory directory,
      InputReport report,
      Dataset<Row> good,
      Optional<CanonicalDataset> previous) {
    if (fixedTasks > 0 || !SmallInput.is(report, previous)) {
      return Optional.empty();
    }
    said.accept(
        String.format(Locale.ROOT, "small input: %,d rows, in one task", report.goodRows()));
    describe("number, filter and split in one task");
    SmallInput.Found found = SmallInput.of(good, report, settings, previous);
    try {
      Fingerprint fingerprint = found.fingerprint();
      if (found.isRefused() || fingerprint.rows(Part.TRAIN) == 0) {
        return Optional.empty();
      }
      describe("write the interactions");
      writeInteractions(directory, found.interactions());
      describe("write the dictionaries");
      Dataset<Row> users = found.dictionary(Dictionary.USER);
      users.write().parquet(directory.child("users"));
      Dataset<Row> items = found.dictionary(Dictionary.ITEM);
      items.write().parquet(directory.child("items"));
      return Optional.of(
          new Prepared(
              found.ids(Dictionary.USER),
              found.ids(Dictionary.ITEM),
              fingerprint,
              Prepared.leftOut(report, found.pairs(), fingerprint)));
    } finally {
      found.close();
    }
  }

  private Prepared writeLarge(
      AtomicDirectory directory,
      InputReport report,
      Dataset<Row> good,
      Optional<CanonicalDataset> previous) {
    describe("number the ids");
    Dictionary dictionary = Dictionary.of(spark, good, tasks(report), previous);
    try {
      return writeParts(directory, report, good, dictionary);
    } finally {
      dictionary.close();
    }
  }

  private void refuseOverlaps() throws IOException {
    if (settings.reading().format() != InputFormat.TABLE) {
      Overlap.refuse(hadoop(), "input", settings.input(), "output", settings.output());
      Overlap.refuse(hadoop(), "testInput", settings.testInput(), "output", settings.output());
      Overlap.refuse(
          hadoop(), "validationInput", settings.validationInput(), "output", settings.output());
    }
    Overlap.refuse(
        hadoop(), "candidatesInput", settings.candidatesInput(), "output", settings.output());
  }

  private InteractionsReader reader() {
    InteractionsReader reader = new InteractionsReader(spark, settings.reading());
    reader.add(Part.TRAIN, new Source("input", settings.input()));
    if (settings.test().kind() == HoldOut.Kind.FILES) {
      reader.add(Part.TEST, new Source("testInput", settings.testInput()));
    }
    if (settings.validation().kind() == HoldOut.Kind.FILES) {
      reader.add(Part.VALIDATION, new Source("validationInput", settings.validationInput()));
    }
    if (!settings.candidatesInput().isEmpty()) {
      reader.addNegatives(new Source("candidatesInput", settings.candidatesInput()));
    }
    return reader;
  }

  private void setAside(
      AtomicDirectory directory, InteractionsReader reader, Dataset<Row> parsed, InputReport report)
      throws IOException {
    SplitOffsets lines = report.badBehindStart() ? reader.countLines() : null;
    Dataset<Row> rejected = RejectedRows.of(spark, parsed, report, lines);
    boolean doubt = RejectedRows.castDoubt(report.bad());
    if (report.badRows() <= settings.maxBadRows() && !doubt) {
      rejected.write().parquet(directory.child("rejected"));
      return;
    }
    String aside = settings.output() + ".rejected";
    try (AtomicDirectory rows =
        new AtomicDirectory(hadoop(), "output", aside, true, "rejected.txt")) {
      rejected.write().mode(SaveMode.Overwrite).parquet(rows.temporary().toString());
      rows.writeText("rejected.txt", RejectedRows.counts(report.bad()) + "\n");
      rows.publish();
    }
    throw RejectedRows.refusal(report, settings, rejected, aside);
  }

  private Prepared writeParts(
      AtomicDirectory directory, InputReport report, Dataset<Row> good, Dictionary dictionary) {
    describe("settle duplicates");
    Dataset<Row> pairs = cache(pairs(good, report, dictionary));
    Map<Integer, Long> byCode = countPairs(pairs, dictionary);
    Dataset<Row> kept = pairs.where(col("part").lt(lit(Encoded.BELOW_WEIGHT)));
    Survivors survivors = survivors(kept, byCode, dictionary);
    Broadcast<IndexSets> stays = null;
    Broadcast<IndexSets> numbers = null;
    if (survivors != null) {
      JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
      stays = context.broadcast(survivors.sets());
      numbers =
          context.broadcast(
              survivors.numbered(
                  dictionary.previousCount(Dictionary.USER),
                  dictionary.previousCount(Dictionary.ITEM)));
    }
    Dataset<Row> parts =
        kept.mapPartitions(
            new AssignParts(
                settings.test(), settings.validation(), settings.seed(), stays, numbers),
            Encoders.row(Encoded.ROWS));
    describe("count and fingerprint");
    Fingerprint fingerprint = Fingerprint.of(parts);
    Map<String, Long> leftOut = Prepared.leftOut(report, byCode, fingerprint);
    if (fingerprint.rows(Part.TRAIN) == 0) {
      throw nothingLeft(report, leftOut, fingerprint);
    }
    describe("write the interactions");
    writeInteractions(directory, parts);
    describe("write the dictionaries");
    long users = writeDictionary(directory, "users", dictionary, Dictionary.USER, numbers);
    long items = writeDictionary(directory, "items", dictionary, Dictionary.ITEM, numbers);
    return new Prepared(users, items, fingerprint, leftOut);
  }

  /** Every pair once per part, each user's pairs together in one partition. */
  private Dataset<Row> pairs(Dataset<Row> good, InputReport report, Dictionary dictionary) {
    Dataset<Row> positioned = withPosition(good, report);
    return dictionary
        .encode(positioned.withColumn("pair", expr("xxhash64(user, item)")))
        .select(
            col("part"),
            col("userIndex").as("user"),
            col("itemIndex").as("item"),
            col("weight"),
            col("time"),
            col("group"),
            col("pos"),
            col("pair"))
        .repartition(tasks(report), col("user"))
        .sortWithinPartitions("user", "item", "part", "time", "pos", "weight", "group")
        .mapPartitions(
            new MergePairs(settings.duplicates(), settings.minWeight()),
            Encoders.row(Encoded.PAIRS));
  }

  /** Adds {@code pos}: the split's rank by file and offset, then the line. */
  private Dataset<Row> withPosition(Dataset<Row> good, InputReport report) {
    List<SplitOffsets.Split> splits = report.splits();
    Column line = col("line");
    if (splits.size() == 1) {
      return good.withColumn("pos", line);
    }
    List<Row> rows = new ArrayList<>();
    for (SplitOffsets.Split split : splits) {
      rows.add(RowFactory.create(split.file(), split.start(), (long) rows.size()));
    }
    Dataset<Row> ordinals = broadcast(spark.createDataFrame(rows, ORDINALS));
    return good.join(
            ordinals,
            col("file").equalTo(col("splitFile")).and(col("start").equalTo(col("splitStart"))))
        .withColumn("pos", Encoded.position());
  }

  /** Pairs by code; ends the job if duplicates are refused or a sum is too large. */
  private Map<Integer, Long> countPairs(Dataset<Row> pairs, Dictionary dictionary) {
    Map<Integer, Long> byCode = new HashMap<>();
    int copies = 1;
    for (Row row : pairs.groupBy("part").agg(count("*"), max("copies")).collectAsList()) {
      int code = row.getByte(0);
      byCode.put(code, row.getLong(1));
      copies = code == Part.CANDIDATES.code() ? copies : Math.max(copies, row.getInt(2));
    }
    if (copies > 1 && settings.duplicates() == Duplicates.REFUSE) {
      Dataset<Row> twice =
          pairs.where(col("copies").gt(1).and(col("part").notEqual(Part.CANDIDATES.code())));
      throw new BadInputException(
          twice.count()
              + " pairs of user and item are there more than once, and duplicates = refuse. The"
              + " first are\n"
              + named(twice, dictionary)
              + "\nCorrect the input, or set duplicates = sum or last.");
    }
    if (byCode.containsKey((int) Encoded.OVERFLOW)) {
      throw new BadInputException(
          "the summed weight of a pair is beyond 3.4e38:\n"
              + named(pairs.where(col("part").equalTo(Encoded.OVERFLOW)), dictionary)
              + "\nCorrect the input, or set duplicates = last.");
    }
    return byCode;
  }

  private static String named(Dataset<Row> pairs, Dictionary dictionary) {
    List<Row> first = pairs.orderBy("user", "item", "part").limit(5).collectAsList();
    Map<Integer, String> users =
        dictionary.names(Dictionary.USER, first.stream().map(Encoded::user).toList());
    Map<Integer, String> items =
        dictionary.names(Dictionary.ITEM, first.stream().map(Encoded::item).toList());
    return first.stream()
        .map(
            row ->
                "  user \""
                    + shortened(users.get(Encoded.user(row)))
                    + "\", item \""
                    + shortened(items.get(Encoded.item(row)))
                    + "\": "
                    + row.getInt(8)
                    + " rows")
        .collect(Collectors.joining("\n"));
  }

  private static String shortened(String id) {
    return id.length() <= 80 ? id : id.substring(0, 80) + "...";
  }

  /** Which users and items stay, or null if all do. */
  private Survivors survivors(Dataset<Row> kept, Map<Integer, Long> byCode, Dictionary dictionary) {
    if (!settings.hasCore() && !byCode.containsKey((int) Encoded.BELOW_WEIGHT)) {
      return null;
    }
    describe("filter");
    return Survivors.of(
        kept.select("user", "item"),
        dictionary.count(Dictionary.USER),
        dictionary.count(Dictionary.ITEM),
        settings.minUserInteractions(),
        settings.minItemInteractions());
  }

  private BadInputException nothingLeft(
      InputReport report, Map<String, Long> leftOut, Fingerprint fingerprint) {
    return new BadInputException(
        "no interaction is left in train: of "
            + report.goodRows()
            + " good rows, "
            + leftOut
            + " were left out, "
            + fingerprint.rows(Part.VALIDATION)
            + " went to validation and "
            + fingerprint.rows(Part.TEST)
            + " to test. Lower minWeight = "
            + settings.minWeight()
            + ", minUserInteractions = "
            + settings.minUserInteractions()
            + " or minItemInteractions = "
            + settings.minItemInteractions()
            + ", or change the split.");
  }

  private static void writeInteractions(AtomicDirectory directory, Dataset<Row> parts) {
    parts
        .select(
            expr("element_at(array('train', 'validation', 'test', 'candidates'), part + 1)")
                .as("part"),
            col("user"),
            col("item"),
            col("weight"),
            col("time"),
            col("group"))
        .sortWithinPartitions("part", "user", "item")
        .write()
        .partitionBy("part")
        .parquet(directory.child("interactions"));
  }

  private static long writeDictionary(
      AtomicDirectory directory,
      String name,
      Dictionary dictionary,
      int kind,
      Broadcast<IndexSets> numbers) {
    dictionary.finished(kind, numbers).select("index", "id").write().parquet(directory.child(name));
    if (numbers == null) {
      return dictionary.count(kind);
    }
    return Dictionary.ofKind(numbers.value(), kind).count();
  }

  private boolean isSynthetic() throws IOException {
    for (String text : settings.input()) {
      if (settings.reading().format() == InputFormat.TABLE) {
        return false;
      }
      Path path = new Path(text);
      FileSystem fs = path.getFileSystem(hadoop());
      for (Path at = path; at != null && at.depth() >= path.depth() - 2; at = at.getParent()) {
        if (!at.toString().matches(".*[*?{\\[].*") && fs.exists(new Path(at, SYNTHETIC_MARKER))) {
          return true;
        }
      }
    }
    return false;
  }
}
