package dev.coppice.data.synthetic;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.coppice.data.prepare.Keyed;
import dev.coppice.data.prepare.Prepare;
import dev.coppice.files.AtomicDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The {@code generate} job: writes
 *
 * <pre>
 * generated.json   says that the data are synthetic, and how they were made
 * interactions/    user, item, weight, time (epoch seconds), group: input for prepare
 * truth/users/     id, community      truth/items/   id, community, rank by popularity
 * </pre>
 *
 * <p>Rows are made user by user from the seed alone; a task holds the items of one user.
 */
public final class Generate {
  /** Times lie in the year before this one, epoch seconds (2024-01-01). */
  private static final long END = 1_704_067_200L;

  private static final long YEAR = 31_536_000L;

  private static final int WEIGHT = 11;
  private static final int TIME = 12;

  private static final StructType ROWS =
      new StructType()
          .add("user", DataTypes.StringType, false)
          .add("item", DataTypes.StringType, false)
          .add("weight", DataTypes.FloatType, false)
          .add("time", DataTypes.LongType, false)
          .add("group", DataTypes.StringType, false);

  private static final StructType TRUTH =
      new StructType()
          .add("id", DataTypes.StringType, false)
          .add("community", DataTypes.IntegerType, false)
          .add("rank", DataTypes.LongType, false);

  private Generate() {}

  /**
   * Runs the job.
   *
   * @return the path of the interactions, for {@code prepare}'s {@code input}
   * @throws dev.coppice.core.error.UsageException if the output exists and may not be replaced
   */
  public static String run(SparkSession spark, GenerateSettings settings) {
    try (AtomicDirectory directory =
        new AtomicDirectory(
            spark.sparkContext().hadoopConfiguration(),
            "output",
            settings.output(),
            settings.overwrite(),
            Prepare.SYNTHETIC_MARKER)) {
      spark.sparkContext().setJobDescription("generate");
      write(spark, settings, directory);
      directory.publish();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "writing \"" + settings.output() + "\" failed: " + e.getMessage(), e);
    } finally {
      spark.sparkContext().clearJobGroup();
    }
    return settings.output() + "/interactions";
  }

  private static void write(
      SparkSession spark, GenerateSettings settings, AtomicDirectory directory) throws IOException {
    PlantedModel model = settings.model();
    Dataset<Row> rows =
        indices(spark, model.users(), partitions(spark, model.interactions()))
            .flatMap(new UserRows(model), Encoders.row(ROWS));
    String path = directory.child("interactions");
    if (settings.format() == GenerateKeys.RawFormat.CSV) {
      rows.write().option("header", true).csv(path);
    } else {
      rows.write().parquet(path);
    }
    truth(spark, model, true)
        .select("id", "community")
        .write()
        .parquet(directory.child("truth/users"));
    truth(spark, model, false).write().parquet(directory.child("truth/items"));
    Map<String, Object> label = new LinkedHashMap<>();
    label.put("synthetic", true);
    label.put("formatVersion", 1);
    label.put("configuration", settings.configuration());
    directory.writeText(
        Prepare.SYNTHETIC_MARKER,
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(label)
            + "\n");
  }

  /** Files of about a million rows, and work for every core. */
  private static int partitions(SparkSession spark, long rows) {
    long wanted = Math.max(rows / 1_000_000, spark.sparkContext().defaultParallelism());
    return (int) Math.min(100_000, wanted);
  }

  private static Dataset<Integer> indices(SparkSession spark, int count, int partitions) {
    return spark.range(0, count, 1, partitions).select(col("id").cast("int")).as(Encoders.INT());
  }

  private static Dataset<Row> truth(SparkSession spark, PlantedModel model, boolean users) {
    int count = users ? model.users() : model.items();
    return indices(spark, count, partitions(spark, count))
        .map(new Truth(model, users), Encoders.row(TRUTH));
  }

  /** The rows of a user. */
  private static final class UserRows implements FlatMapFunction<Integer, Row> {
    private static final long serialVersionUID = 1L;

    private final PlantedModel model;
    private transient UserDraws draws;

    UserRows(PlantedModel model) {
      this.model = model;
    }

    @Override
    public Iterator<Row> call(Integer user) {
      if (draws == null) {
        draws = new UserDraws(model);
      }
      String id = "u" + user;
      String group = "c" + model.userCommunity(user);
      return draws.items(user).stream()
          .map(
              item -> {
                long pair = (long) user << 32 | item;
                int weight = 1 + (int) (Keyed.unit(Keyed.hash(model.seed(), WEIGHT, pair)) * 5);
                long age = (long) (Keyed.unit(Keyed.hash(model.seed(), TIME, pair)) * YEAR);
                return RowFactory.create(id, "i" + item, (float) weight, END - age, group);
              })
          .iterator();
    }
  }

  private static final class Truth implements MapFunction<Integer, Row> {
    private static final long serialVersionUID = 1L;

    private final PlantedModel model;
    private final boolean users;

    Truth(PlantedModel model, boolean users) {
      this.model = model;
      this.users = users;
    }

    @Override
    public Row call(Integer index) {
      return users
          ? RowFactory.create("u" + index, model.userCommunity(index), 0L)
          : RowFactory.create("i" + index, model.itemCommunity(index), model.itemRank(index));
    }
  }
}
