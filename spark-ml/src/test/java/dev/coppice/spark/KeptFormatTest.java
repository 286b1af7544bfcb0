package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.core.serving.ServingModel;
import dev.coppice.core.serving.ServingWriter;
import dev.coppice.core.serving.WeightForm;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.spark.checkpoint.CheckpointDirectory;
import dev.coppice.spark.checkpoint.Checkpoints;
import dev.coppice.spark.checkpoint.RunIdentity;
import dev.coppice.spark.store.ServingExport;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What an early build of version 0.1.0 wrote is read ever after: a saved model, serving files, a
 * checkpoint and a federation, kept as that build made them. And the same data, settings and seed
 * give the same bits as when their digests were noted.
 */
@TestInstance(Lifecycle.PER_CLASS)
class KeptFormatTest {
  private static final StructType COLUMNS =
      new StructType()
          .add("u", DataTypes.StringType, false)
          .add("i", DataTypes.LongType, false)
          .add("w", DataTypes.FloatType, false)
          .add("held", DataTypes.BooleanType, false)
          .add("market", DataTypes.StringType, false);
  private static final String[] MARKETS = {"at", "be", "ch"};

  private final SparkSession session = TestSpark.session();
  private Dataset<Row> data;

  @TempDir Path directory;

  private static final String MODEL = "48553b793244f249";
  private static final String TRAINED = "17c41d050a5f1fcb";
  private static final String GONE_ON = "d4ddab162e242704";
  private static final String FEDERATION =
      "18247a02928e92c7 6e70cc86ebf3b27f 0b2f08feaa3d9fa6 f20f2e6cb54dd0c2";
  private static final String TRAINED_FEDERATION =
      "c892c6103f5bb7e7 eee646868a8a857e fb1277dce3f768d1 9c98fef82fdceaf0";

  @BeforeAll
  void train() {
    data = session.createDataFrame(rows(), COLUMNS).repartition(2).persist();
  }

  @AfterAll
  void free() {
    data.unpersist();
  }

  private static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int user = 0; user < 48; user++) {
      for (int item = 0; item < 36; item++) {
        double chance = user % 3 == item % 3 ? 0.5 : 0.06;
        if (SeedStream.uniform(11, Purpose.GENERATE, user, item) < chance) {
          rows.add(
              RowFactory.create(
                  "u" + user,
                  1_000_000_000_000L + item * 7L,
                  1f + (user + item) % 4,
                  SeedStream.uniform(12, Purpose.GENERATE, user, item) < 0.2,
                  MARKETS[user % 3 == 0 ? 0 : user % 2 + 1]));
        }
      }
    }
    return rows;
  }

  private static DynamicSparseALS estimator() {
    return new DynamicSparseALS()
        .setUserCol("u")
        .setItemCol("i")
        .setRatingCol("w")
        .setValidationCol("held")
        .setRank(12)
        .setDensity(0.25)
        .setMaxIter(5)
        .setRegParam(0.02)
        .setUnobservedWeight(0.1)
        .setUserDebias(0.3)
        .setItemDebias(0.1)
        .setProtect(0.5)
        .setNumBlocks(4)
        .setSeed(9)
        .setMetric("ndcg@5");
  }

  private static Path kept(String name) throws URISyntaxException {
    return Path.of(KeptFormatTest.class.getResource("kept-0.1.0/" + name).toURI());
  }

  /** A copy that may be changed: going on from a checkpoint removes older ones. */
  private Path copy(String name) throws IOException, URISyntaxException {
    Path from = kept(name);
    Path to = directory.resolve(name);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    return to;
  }

  /** Rows by id, as text that shows every bit. */
  private static Map<String, String> bits(Dataset<Row> rows) {
    Map<String, String> bits = new TreeMap<>();
    for (Row row : rows.select("id", "dims", "weights").collectAsList()) {
      bits.put(String.valueOf(row.get(0)), row.<Short>getList(1) + " " + row.<Float>getList(2));
    }
    return bits;
  }

  /** A hash of every bit of a model's rows. */
  private static String digest(DynamicSparseALSModel model) throws Exception {
    String text = bits(model.userRows()) + "" + bits(model.itemRows());
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash, 0, 8);
  }

  @Test
  void theModelIsRead() throws Exception {
    DynamicSparseALSModel model = DynamicSparseALSModel.load(kept("model").toString());
    assertThat(model.userRows().count()).isEqualTo(48);
    assertThat(model.info().userBytes().stored()).isEqualTo(model.userTable().size().stored());
    assertThat(model.itemTable().hasImportance()).isTrue();
    assertThat(model.info().configuration()).containsEntry("rank", "12");
    assertThat(digest(model)).isEqualTo(MODEL);
    assertThat(model.setUserCol("u").setItemCol("i").recommendForAllUsers(3).count()).isEqualTo(48);
  }

  /** The same data, settings and seed give the same bytes; change these only with a reason. */
  @Test
  void trainingGivesTheSameBits() throws Exception {
    assertThat(digest(estimator().fit(data))).isEqualTo(TRAINED);
    assertThat(digest(estimator().fit(data.repartition(5)))).isEqualTo(TRAINED);
  }

  @ParameterizedTest
  @EnumSource(WeightForm.class)
  void theServingFilesAreReadAndWrittenAgainToTheSameBytes(WeightForm form) throws Exception {
    Path file = kept("serving-" + form.name().toLowerCase(Locale.ROOT));
    ServingModel served = ServingModel.open(file).verify();
    assertThat(served.info().rank()).isEqualTo(12);
    Path again = directory.resolve("again-" + form);
    DynamicSparseALSModel model =
        DynamicSparseALSModel.load(kept("model").toString()).setUserCol("u").setItemCol("i");
    try (ServingWriter writer =
        new ServingWriter(directory, ServingExport.info(model.stored(), Map.of("who", "kept")))) {
      ServingExport.addAll(
          writer, model.stored(), model.scoringTables().pairs(data.where("not held")), true);
      writer.write(again, form);
    }
    assertThat(again).hasSameBinaryContentAs(file);
  }

  @Test
  void theCheckpointIsGoneOnFrom() throws Exception {
    Path place = copy("checkpoint");
    Checkpoints checkpoints =
        Checkpoints.resume(
            CheckpointDirectory.open(
                session.sparkContext().hadoopConfiguration(), place.toString()),
            new RunIdentity("kept", "data", Map.of("rank", "12")),
            2);
    assertThat(checkpoints.resumed()).isPresent();
    assertThat(digest(estimator().fit(data, null, checkpoints))).isEqualTo(GONE_ON);
  }

  @Test
  void theFederationIsRead() throws Exception {
    GatedFederationModel model = GatedFederationModel.load(kept("gated").toString());
    assertThat(model.clients()).containsExactly(MARKETS);
    assertThat(digests(model)).isEqualTo(FEDERATION);
  }

  @Test
  void trainingAFederationGivesTheSameBits() throws Exception {
    GatedFederationModel again =
        new GatedFederation()
            .setUserCol("u")
            .setItemCol("i")
            .setClientCol("market")
            .setRank(12)
            .setDensity(0.5)
            .setMaxIter(4)
            .setUnobservedWeight(0.1)
            .setUserDebias(0)
            .setItemDebias(0)
            .setRegParam(0.01)
            .setCuts(2)
            .setCapacities("be=0.3")
            .setSeed(3)
            .fit(data.where("not held").select("u", "i", "market"));
    assertThat(digests(again)).isEqualTo(TRAINED_FEDERATION);
    again.unpersist();
  }

  /** Of the global model and of each client's. */
  private static String digests(GatedFederationModel model) throws Exception {
    StringBuilder all = new StringBuilder(digest(model.global()));
    for (String client : MARKETS) {
      all.append(' ').append(digest(model.client(client)));
    }
    return all.toString();
  }
}
