package dev.coppice.job.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.ExitCode;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.job.data.PrepareJob;
import dev.coppice.job.frame.ErrorText;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.Progress;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.TestSpark;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.ml.recommendation.ALSModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Four communities: user u likes the items i with i equal to u modulo 4. The imported factors hold
 * that in four of eight dimensions, and noise everywhere.
 */
class ImportJobTest {
  private static final int USERS = 60;
  private static final int ITEMS = 40;
  private static final int RANK = 8;

  @TempDir private static Path shared;
  @TempDir private Path directory;

  @BeforeAll
  static void prepare() throws Exception {
    StringBuilder text = new StringBuilder("user,item\n");
    for (int u = 0; u < USERS; u++) {
      for (int i = u % 4; i < ITEMS; i += 4) {
        text.append(u).append(',').append(1000 + i).append('\n');
      }
    }
    Path raw = Files.writeString(shared.resolve("raw.csv"), text);
    run(
        new PrepareJob(),
        Map.of("input", raw.toString(), "output", shared.resolve("data").toString()),
        Map.of(
            "format",
            "csv",
            "userCol",
            "user",
            "itemCol",
            "item",
            "split",
            "ratio",
            "validation",
            "ratio"));
    als(0).write().save(shared.resolve("als").toString());
    als(5_000).write().save(shared.resolve("strangers").toString());
  }

  private static ALSModel als(int firstUser) {
    return new ALSModel("als", RANK, factors(firstUser, USERS, 1), factors(1000, ITEMS, 2));
  }

  private static Dataset<Row> factors(int firstId, int count, long seed) {
    StructType schema =
        new StructType()
            .add("id", DataTypes.IntegerType, false)
            .add("features", DataTypes.createArrayType(DataTypes.FloatType, false), false);
    List<Row> rows = new ArrayList<>();
    for (int r = 0; r < count; r++) {
      float[] features = new float[RANK];
      for (int d = 0; d < RANK; d++) {
        float noise = (SeedStream.below(201, seed, Purpose.SAMPLE, r, d) - 100) / 1000f;
        features[d] = (d == r % 4 ? 1 : 0) + noise;
      }
      rows.add(RowFactory.create(firstId + r, features));
    }
    return TestSpark.session().createDataFrame(rows, schema);
  }

  private static List<String> run(Job job, Map<String, String> some, Map<String, String> more)
      throws Exception {
    Map<String, String> settings = new HashMap<>(some);
    settings.putAll(more);
    ConfigValues values = job.schema().resolve(settings);
    job.check(values);
    Progress progress = new Progress(new PrintWriter(new StringWriter()), false);
    return job.run(new JobContext(job.name(), TestSpark.session(), progress), values).lines();
  }

  private List<String> imported(String als, String... more) throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put("alsModel", shared.resolve(als).toString());
    settings.put("input", shared.resolve("data").toString());
    settings.put("model", directory.resolve("model").toString());
    settings.put("density", "0.25");
    settings.put("cutoffs", "5");
    settings.put("numBlocks", "2");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return run(new ImportJob(), settings, Map.of());
  }

  private JsonNode steps() throws Exception {
    return new ObjectMapper()
        .readTree(Files.readString(directory.resolve("model/import.json")))
        .path("steps");
  }

  @Test
  void denseModelBecomesASparseOneAndItsCostIsReported() throws Exception {
    Set<Integer> kept = TestSpark.kept();
    List<String> lines = imported("als");
    assertThat(kept).containsAll(TestSpark.kept());
    assertThat(lines.get(0)).contains("recall@5", "ndcg@5", "weights", "bytes", "seconds");
    assertThat(lines).anyMatch(line -> line.startsWith("dense"));
    assertThat(lines).anyMatch(line -> line.startsWith("refined"));
    JsonNode steps = steps();
    assertThat(steps.path("dense").path("weights").asLong())
        .isEqualTo((long) (USERS + ITEMS) * RANK);
    assertThat(steps.path("dense").path("bytes").asLong()).isEqualTo(4L * (USERS + ITEMS) * RANK);
    // A quarter of eight dimensions of every row, and the same after refinement.
    assertThat(steps.path("pruned").path("weights").asLong()).isEqualTo(2L * (USERS + ITEMS));
    assertThat(steps.path("refined").path("weights").asLong()).isEqualTo(2L * (USERS + ITEMS));
    assertThat(steps.path("pruned").path("bytes").asLong())
        .isEqualTo((6L * 2 + 4) * (USERS + ITEMS));
    for (String step : List.of("dense", "pruned", "refined")) {
      assertThat(steps.path(step).path("ndcg@5").asDouble()).as(step).isGreaterThan(0.9);
      assertThat(steps.path(step).path("seconds").asDouble()).as(step).isPositive();
    }
    DynamicSparseALSModel model = DynamicSparseALSModel.load(directory.resolve("model").toString());
    assertThat(model.rank()).isEqualTo(RANK);
    assertThat(model.info().configuration()).containsKey("alsModel");
    assertThat(model.userTable().size().stored()).isEqualTo(2L * USERS);
  }

  @Test
  void withoutSweepsTheModelIsThePrunedOne() throws Exception {
    imported("als", "refineSweeps", "0", "density", "0.125", "part", "validation");
    assertThat(steps().has("refined")).isFalse();
    DynamicSparseALSModel model = DynamicSparseALSModel.load(directory.resolve("model").toString());
    // One weight a row: the community's.
    for (Row row : model.userRows().collectAsList()) {
      List<Short> dims = row.getList(row.fieldIndex("dims"));
      assertThat(dims)
          .containsExactly((short) (Integer.parseInt(row.getString(row.fieldIndex("id"))) % 4));
    }
  }

  @Test
  void whatIsNoModelOrOfOtherDataIsBadInputAndLeavesNothing() {
    Set<Integer> kept = TestSpark.kept();
    for (String wrong : List.of("nowhere", "data", "strangers")) {
      assertThatThrownBy(() -> imported(wrong))
          .as(wrong)
          .satisfies(e -> assertThat(ErrorText.exitCode(e)).isEqualTo(ExitCode.BAD_INPUT))
          .satisfies(e -> assertThat(ErrorText.of(e)).contains("alsModel"));
    }
    assertThatThrownBy(() -> imported("als", "density", "0.01"))
        .satisfies(e -> assertThat(ErrorText.exitCode(e)).isEqualTo(ExitCode.USAGE));
    assertThat(directory).isEmptyDirectory();
    assertThat(kept).containsAll(TestSpark.kept());
  }
}
