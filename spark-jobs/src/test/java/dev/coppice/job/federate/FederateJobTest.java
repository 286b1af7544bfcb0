package dev.coppice.job.federate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.core.table.SparseTable;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.job.data.PrepareJob;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.job.frame.Progress;
import dev.coppice.job.rank.EvaluateJob;
import dev.coppice.job.rank.RecommendJob;
import dev.coppice.job.serve.ExportJob;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.GatedFederation;
import dev.coppice.spark.GatedFederationModel;
import dev.coppice.spark.TestSpark;
import dev.coppice.spark.federate.StepFault;
import dev.coppice.spark.store.ClientNames;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SizeEstimator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Three clients, one with a name that is no file name, from text to models that can be used. */
@TestInstance(Lifecycle.PER_CLASS)
class FederateJobTest {
  private static final String ODD = "../№ 3/\uD83C\uDF33";

  /** Holds the data set {@code data} and the federation {@code all} of it. */
  @TempDir private static Path directory;

  private static String path(String name) {
    return directory.resolve(name).toString();
  }

  private static JobSummary run(Job job, Map<String, String> settings) throws Exception {
    var values = job.schema().resolve(settings);
    job.check(values);
    Progress progress = new Progress(new PrintWriter(new StringWriter()), false);
    return job.run(new JobContext(job.name(), TestSpark.session(), progress), values);
  }

  @BeforeAll
  static void prepare() throws Exception {
    String[] clients = {"north", "south", ODD};
    StringBuilder lines = new StringBuilder("user,item,market\n");
    for (int user = 0; user < 75; user++) {
      for (int item = 0; item < 60; item++) {
        double chance = user % 3 == item % 3 ? 0.6 : 0.05;
        if (SeedStream.uniform(4, Purpose.GENERATE, user, item) < chance) {
          lines.append("u").append(user).append(",i").append(item).append(",");
          lines.append(clients[user % 3]).append("\n");
        }
      }
    }
    Files.writeString(directory.resolve("pairs.csv"), lines);
    run(
        new PrepareJob(),
        Map.of(
            "input", path("pairs.csv"),
            "output", path("data"),
            "groupCol", "market",
            "validation", "ratio",
            "validationRatio", "0.2",
            "seed", "1"));
    run(new FederateJob(), settings("all", "capacities", "south=0.3"));
  }

  private static Map<String, String> settings(String output, String... more) {
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "input", path("data"),
                "output", path(output),
                "rank", "16",
                "density", "0.5",
                "maxIter", "4",
                "unobservedWeight", "0.1",
                "regParam", "0.01",
                "itemBuckets", "6",
                "dimBlocks", "2",
                "seed", "3"));
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  private static JsonNode metrics(String output) throws Exception {
    return new ObjectMapper().readTree(directory.resolve(output).resolve("metrics.json").toFile());
  }

  @Test
  void everyClientGetsAModelThatTheOtherJobsRead() throws Exception {
    JsonNode metrics = metrics("all");
    assertThat(metrics.path("clients")).hasSize(3);
    long global = metrics.path("globalWeights").asLong();
    for (JsonNode client : metrics.path("clients")) {
      double capacity = client.path("client").asText().equals("south") ? 0.3 : 0.5;
      assertThat(client.path("capacity").asDouble()).isEqualTo(capacity);
      assertThat(client.path("itemWeights").asLong())
          .isPositive()
          .isLessThanOrEqualTo((long) (capacity * global));
      // Planted: a random list of 20 of 60 items would reach less than .4.
      assertThat(client.path("recall@20").asDouble()).isGreaterThan(0.5);
      assertThat(client.path("aloneRecall@20").asDouble()).isBetween(0.4, 1.0);
      assertThat(client.path("prunedRecall@20").asDouble()).isBetween(0.4, 1.0);
      assertThat(client.path("ownItemsRecall@20").asDouble()).isBetween(0.4, 1.0);
      String model = path("all/clients/" + client.path("directory").asText());
      assertThat(DynamicSparseALSModel.load(model).userTable().size().rows())
          .isEqualTo(client.path("users").asLong());
    }
    assertThat(metrics.path("rounds")).hasSize(2);
    assertThat(metrics.path("rounds").get(0).path("answered")).hasSize(3);
    try (Stream<Path> folders = Files.list(directory.resolve("all/clients"))) {
      assertThat(folders.map(folder -> folder.getFileName().toString()))
          .hasSize(3)
          .contains("north", "south")
          .allMatch(name -> name.matches("[A-Za-z0-9_-]+"));
    }
    String page = Files.readString(directory.resolve("all/report.html"));
    assertThat(page)
        .contains(
            "north", "\uD83C\uDF33", "better off alone, by NDCG@20", "pruned by magnitude to what")
        .doesNotContain("http://", "https://");
    run(
        new EvaluateJob(),
        Map.of(
            "input", path("data"),
            "model", path("all/clients/north"),
            "part", "validation",
            "output", path("evaluation")));
    run(
        new RecommendJob(),
        Map.of("input", path("data"), "model", path("all/model"), "output", path("lists")));
    run(
        new ExportJob(),
        Map.of("model", path("all/clients/south"), "output", path("south.coppice")));
    assertThat(directory.resolve("south.coppice")).exists();
  }

  @Test
  void failuresJoinsAndARandomStartAreReported() throws Exception {
    StepFault south =
        (round, client, attempt) -> {
          if (round == 1 && client == 2) {
            throw new IllegalStateException("away");
          }
        };
    run(
        new FederateJob(south),
        settings("some", "startTable", "random", "joins", "north", "maxIter", "2"));
    JsonNode first = metrics("some").path("rounds").get(0);
    assertThat(first.path("failures").path("south").asText())
        .isEqualTo("java.lang.IllegalStateException");
    assertThat(first.path("asked"))
        .extracting(JsonNode::asText)
        .hasSize(2)
        .contains("south")
        .doesNotContain("north");
    assertThat(first.path("answered")).hasSize(1);
    for (JsonNode client : metrics("some").path("clients")) {
      assertThat(client.path("joined").asBoolean())
          .isEqualTo(client.path("client").asText().equals("north"));
    }
  }

  @Test
  void aLimitOfBytesIsKept() throws Exception {
    run(
        new FederateJob(),
        settings("limited", "capacity", "1", "memoryLimit", "9000", "maxIter", "2"));
    for (JsonNode client : metrics("limited").path("clients")) {
      assertThat(client.path("bytes").asLong()).isLessThanOrEqualTo(9000);
      DynamicSparseALSModel model =
          DynamicSparseALSModel.load(path("limited/clients/" + client.path("directory").asText()));
      assertThat(heap(model.userRows()) + heap(model.itemRows()))
          .isPositive()
          .isLessThanOrEqualTo(9000);
    }
  }

  /** Bytes that a table takes in memory, as the JVM lays it out. */
  private static long heap(Dataset<Row> table) {
    List<Row> rows = table.select("dims", "weights").collectAsList();
    int[] offsets = new int[rows.size() + 1];
    for (int row = 0; row < rows.size(); row++) {
      offsets[row + 1] = offsets[row] + rows.get(row).getList(0).size();
    }
    short[] dims = new short[offsets[rows.size()]];
    float[] weights = new float[dims.length];
    int n = 0;
    for (Row row : rows) {
      List<Short> rowDims = row.getList(0);
      List<Float> rowWeights = row.getList(1);
      for (int i = 0; i < rowDims.size(); i++) {
        dims[n] = rowDims.get(i);
        weights[n++] = rowWeights.get(i);
      }
    }
    int rank = 1 + IntStream.range(0, n).map(i -> dims[i]).max().orElse(0);
    return SizeEstimator.estimate(new SparseTable(rank, offsets, dims, weights));
  }

  /** A share by table, and bytes by table beside no limit for the others. */
  @Test
  void aTableOfCapacitiesIsRead() throws Exception {
    Path table = directory.resolve("capacities.csv");
    Files.writeString(table, "client,capacity,bytes\nnorth,0.25,\nsouth,,9000\nwest,0.1,\n");
    run(
        new FederateJob(),
        settings(
            "table",
            "capacity",
            "1",
            "capacityTable",
            table.toString(),
            "rounds",
            "0",
            "maxIter",
            "1"));
    for (JsonNode client : metrics("table").path("clients")) {
      switch (client.path("client").asText()) {
        case "north" -> assertThat(client.path("capacity").asDouble()).isEqualTo(0.25);
        case "south" -> {
          assertThat(client.path("capacity").asDouble()).isLessThan(1);
          assertThat(client.path("bytes").asLong()).isLessThanOrEqualTo(9000);
        }
        default -> assertThat(client.path("capacity").asDouble()).isEqualTo(1);
      }
    }
    Files.writeString(table, "client,capacity\nnorth,1.5\n");
    assertThatThrownBy(
            () -> run(new FederateJob(), settings("x", "capacityTable", table.toString())))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("1.5")
        .hasMessageContaining("north");
    Files.writeString(table, "name,capacity\nnorth,0.5\n");
    assertThatThrownBy(
            () -> run(new FederateJob(), settings("x", "capacityTable", table.toString())))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("name, capacity");
  }

  /**
   * A new market of the taste of a known one joins what the others trained. Its data set numbers
   * items in its own way, and has one that the others do not sell.
   */
  @Test
  void newClientsJoinAFinishedFederation() throws Exception {
    String header = "user,item,market\n";
    StringBuilder fresh = new StringBuilder(header);
    for (String line : Files.readAllLines(directory.resolve("pairs.csv"))) {
      if (line.endsWith(",south")) {
        // The other way round: items get other numbers.
        fresh.insert(header.length(), line.replace(",south", ",west") + "\n");
      }
    }
    fresh.append("u1,unsold,west\nu4,unsold,west\nu7,unsold,west\n");
    Files.writeString(directory.resolve("fresh.csv"), fresh);
    run(
        new PrepareJob(),
        Map.of(
            "input", path("fresh.csv"),
            "output", path("fresh"),
            "groupCol", "market",
            "validation", "ratio",
            "validationRatio", "0.2",
            "seed", "2"));
    JobSummary summary =
        run(
            new FederateJob(),
            settings("joined", "input", path("fresh"), "join", path("all"), "capacity", "0.5"));
    assertThat(String.join("\n", summary.lines())).contains("interactions left out");
    JsonNode metrics = metrics("joined");
    assertThat(metrics.path("rounds")).isEmpty();
    assertThat(metrics.path("globalWeights")).isEqualTo(metrics("all").path("globalWeights"));
    JsonNode client = metrics.path("clients").get(0);
    assertThat(client.path("client").asText()).isEqualTo("west");
    assertThat(client.path("joined").asBoolean()).isTrue();
    assertThat(client.path("itemWeights").asLong())
        .isPositive()
        .isLessThanOrEqualTo(metrics.path("globalWeights").asLong() / 2);
    // Held-out items that the table does not have are misses.
    assertThat(client.path("globalRecall@20").asDouble()).isGreaterThan(0.5).isLessThan(1);
    assertThat(client.path("recall@20").asDouble()).isGreaterThan(0.5);
    run(
        new EvaluateJob(),
        Map.of(
            "input", path("fresh"),
            "model", path("joined/clients/west"),
            "part", "validation",
            "output", path("joined-evaluation")));
    assertThat(GatedFederationModel.load(path("joined")).clients()).containsExactly("west");
    Map<String, String> rows =
        settings("joined-rows", "input", path("fresh"), "join", path("all"), "capacity", "0.5");
    rows.put("joinItems", "true");
    run(new FederateJob(), rows);
    JsonNode own = metrics("joined-rows").path("clients").get(0);
    assertThat(metrics("joined-rows").path("globalWeights"))
        .isEqualTo(metrics.path("globalWeights"));
    assertThat(own.path("itemWeights").asLong())
        .isPositive()
        .isLessThanOrEqualTo(metrics.path("globalWeights").asLong() / 2);
    assertThat(own.path("globalRecall@20")).isEqualTo(client.path("globalRecall@20"));
    assertThat(own.path("recall@20").asDouble()).isGreaterThan(0.5);
    assertThat(itemRows("joined-rows")).isNotEqualTo(itemRows("joined"));
    assertThatThrownBy(
            () -> run(new FederateJob(), settings("x", "join", path("all"), "joins", "south")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("join and joins");
    assertThatThrownBy(() -> run(new FederateJob(), settings("x", "join", path("data"))))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("federation.json");
  }

  /** Neighbours from text to models that the other jobs read, and a new client of theirs. */
  @Test
  void clientsWithNeighbours() throws Exception {
    String[] more = {"family", "items", "neighbours", "10", "neighbourReg", "2", "capacity", "0.5"};
    run(new FederateJob(), settings("pairs", more));
    JsonNode metrics = metrics("pairs");
    assertThat(metrics.path("rounds")).isEmpty();
    assertThat(metrics.path("itemBuckets").asInt()).isZero();
    for (JsonNode client : metrics.path("clients")) {
      assertThat(client.path("recall@20").asDouble()).isGreaterThan(0.5);
      assertThat(client.path("aloneRecall@20").asDouble()).isGreaterThan(0.4);
      assertThat(client.path("globalRecall@20").asDouble()).isGreaterThan(0.4);
      assertThat(client.path("othersWeight").asDouble()).isIn(0.0, 0.1, 0.3, 1.0);
      assertThat(client.path("sentBytes").asLong()).isPositive();
      DynamicSparseALSModel model =
          DynamicSparseALSModel.load(path("pairs/clients/" + client.path("directory").asText()));
      assertThat(model.family()).isEqualTo("items");
      assertThat(model.itemTable().size().linkWeights())
          .isEqualTo(client.path("itemWeights").asLong())
          .isEqualTo(5 * model.itemTable().size().rows());
    }
    assertThat(Files.readString(directory.resolve("pairs/report.html")))
        .contains("neighbours of items", "Weight of the others&#39;", "keep no blocks");
    assertThat(metrics("all").path("clients").get(0).has("othersWeight")).isFalse();
    run(
        new EvaluateJob(),
        Map.of(
            "input", path("data"),
            "model", path("pairs/clients/north"),
            "part", "validation",
            "output", path("pairs-evaluation")));
    run(
        new ExportJob(),
        Map.of("model", path("pairs/clients/south"), "output", path("pairs.coppice")));
    assertThat(directory.resolve("pairs.coppice")).exists();
    // The same users once more, as if they were new.
    Map<String, String> join = settings("pairs-joined", more);
    join.put("join", path("pairs"));
    run(new FederateJob(), join);
    for (JsonNode client : metrics("pairs-joined").path("clients")) {
      assertThat(client.path("joined").asBoolean()).isTrue();
      assertThat(client.path("sentBytes").asLong()).isZero();
      assertThat(client.path("recall@20").asDouble()).isGreaterThan(0.4);
    }
    assertThatThrownBy(
            () ->
                run(
                    new FederateJob(),
                    settings("x", "family", "items", "initialModel", path("all/model"))))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("family is items, and there is an initial model");
  }

  private List<Row> itemRows(String federation) throws Exception {
    return DynamicSparseALSModel.load(path(federation + "/clients/west"))
        .itemRows()
        .orderBy("id")
        .select("dims", "weights")
        .collectAsList();
  }

  @Test
  void defaultsAreThoseOfTheEstimator() {
    GatedFederation stage = new GatedFederation();
    int compared = 0;
    for (ConfigKey<?> key : FederateKeys.schema().keys()) {
      if (key.defaultValue().isPresent() && stage.hasParam(key.name())) {
        Param<Object> param = stage.getParam(key.name());
        Object value = key.defaultValue().get();
        Object expected = stage.getDefault(param).get();
        assertThat(value.toString().toLowerCase(Locale.ROOT))
            .as("default of %s", key.name())
            .isEqualTo(expected.toString());
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(30);
  }

  @Test
  void clientsByHashAndByPrefix() throws Exception {
    run(
        new FederateJob(),
        settings("hash", "clientBy", "hash", "clientGroups", "2", "rounds", "1", "maxIter", "1"));
    assertThat(metrics("hash").path("clients")).hasSize(2);
    run(
        new FederateJob(),
        settings(
            "prefix",
            "clientBy",
            "prefix",
            "clientPrefix",
            "1",
            "rounds",
            "0",
            "maxIter",
            "1",
            "private",
            "true",
            "startTable",
            "random"));
    assertThat(metrics("prefix").path("clients")).hasSize(1);
    // A private one: the ids of users are in the clients' own models alone.
    GatedFederationModel kept = GatedFederationModel.load(path("prefix"));
    assertThat(kept.global().userTable().size().rows()).isZero();
    assertThat(kept.tables().users().select("id").distinct().count())
        .isEqualTo(metrics("prefix").path("clients").get(0).path("users").asLong())
        .isPositive();
  }

  @Test
  void badSettingsAndBadDataAreToldApart() {
    assertThatThrownBy(() -> run(new FederateJob(), settings("x", "capacities", "west=0.5")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("west");
    assertThatThrownBy(
            () -> run(new FederateJob(), settings("x", "itemBuckets", "60", "dimBlocks", "16")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("5 %");
    assertThatThrownBy(() -> run(new FederateJob(), settings("x", "maxClientInteractions", "10")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("maxClientInteractions");
    assertThatThrownBy(() -> run(new FederateJob(), settings("x", "part", "test")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no test part");
    assertThatThrownBy(() -> run(new FederateJob(), settings("x", "private", "true")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("startTable = pooled");
    assertThat(directory.resolve("x")).doesNotExist();
  }

  @Test
  void anyNameIsADirectory() {
    assertThat(ClientNames.directory("de")).isEqualTo("de");
    assertThat(ClientNames.directory("DE")).isNotEqualToIgnoringCase("de");
    assertThat(ClientNames.directory("")).isNotEmpty();
    assertThat(ClientNames.directory("a/b")).isNotEqualTo(ClientNames.directory("a_b"));
    assertThat(ClientNames.directory("\uD83C\uDF33".repeat(300_000)))
        .matches("[A-Za-z0-9_-]{1,80}");
    assertThat(ClientNames.directory("..")).doesNotContain(".");
  }
}
