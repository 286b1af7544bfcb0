package dev.coppice.spark.federate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.federate.BlockLayout;
import dev.coppice.core.federate.BucketRule;
import dev.coppice.core.federate.Census;
import dev.coppice.core.federate.ClientData;
import dev.coppice.core.federate.ClientUpdate;
import dev.coppice.core.federate.Clients;
import dev.coppice.core.federate.Federation;
import dev.coppice.core.federate.FederationSettings;
import dev.coppice.core.federate.GateRule;
import dev.coppice.core.federate.GlobalState;
import dev.coppice.core.federate.LocalClients;
import dev.coppice.core.mask.InitialMask;
import dev.coppice.core.table.Budget;
import dev.coppice.core.table.SparseTable;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.spark.TestSpark;
import dev.coppice.spark.als.AlsKryo;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clients on Spark give the bits of those in one process. */
class SparkClientsTest {
  private static final StructType ROWS =
      new StructType()
          .add("client", DataTypes.IntegerType, false)
          .add("user", DataTypes.LongType, false)
          .add("item", DataTypes.IntegerType, false)
          .add("weight", DataTypes.FloatType, false);
  private static final AlsObjective OBJECTIVE = AlsObjective.implicit(0.1, 0.02, 1, 0.2, 0.3);
  private static final int CLIENTS = 5;
  private static final int ITEMS = 60;
  private static final double[] SHARES = {1, 0.6, 0.5, 0.4, 0.3};

  private final SparkSession session = TestSpark.session();

  private static FederationSettings settings() {
    return new FederationSettings(
        OBJECTIVE,
        new FederationSettings.Rounds(4, 0.7, 1, 0.5),
        new FederationSettings.MaskMoves(2, 0.1),
        new FederationSettings.GateTraining(GateRule.LEARNT, 0, 8, 1, 0.5, 0.01, 8),
        new FederationSettings.LocalRows(4, 0.3, 0.1, 1, true),
        new FederationSettings.OwnModel(8, 0.3, false),
        5);
  }

  /** Client c has users 100 c and up, and mostly items of its own remainder. */
  private static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      for (int user = 0; user < 6 + client; user++) {
        for (int item = 0; item < ITEMS; item++) {
          double chance = item % CLIENTS == client ? 0.6 : 0.1;
          long id = 100L * client + user;
          if (SeedStream.uniform(2, Purpose.GENERATE, id, item) < chance) {
            rows.add(RowFactory.create(client, id, item, 1f + item % 2));
          }
        }
      }
    }
    return rows;
  }

  private static LocalClients local(BiPredicate<Integer, Integer> fails) {
    List<Row> rows = rows();
    int[] degrees = new int[ITEMS];
    rows.forEach(row -> degrees[row.getInt(2)]++);
    List<ClientData> data = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      int number = client;
      List<Row> own = rows.stream().filter(row -> row.getInt(0) == number).toList();
      long[] users = own.stream().mapToLong(row -> row.getLong(1)).distinct().toArray();
      int[] offsets = new int[users.length + 1];
      for (int u = 0; u < users.length; u++) {
        long user = users[u];
        offsets[u + 1] =
            offsets[u] + (int) own.stream().filter(row -> row.getLong(1) == user).count();
      }
      int[] items = own.stream().mapToInt(row -> row.getInt(2)).toArray();
      float[] weights = new float[items.length];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = own.get(i).getFloat(3);
      }
      data.add(ClientData.of(client, users, offsets, items, weights, degrees, OBJECTIVE));
    }
    return new LocalClients(settings(), data, SHARES, fails);
  }

  private static GlobalState begin(Census census) {
    long[] ids = LongStream.range(0, ITEMS).toArray();
    SparseTable items = InitialMask.uniform(Budget.of(0.5, 8, ITEMS), 0, ids, 1);
    BlockLayout layout = BlockLayout.of(BucketRule.AVAILABILITY, 4, 2, items, census, 1);
    return new GlobalState(0, items, layout, census);
  }

  private SparkClients spark(int partitions, StepFault fault) {
    List<Row> shuffled = new ArrayList<>(rows());
    shuffled.sort((a, b) -> Integer.compare(b.getInt(2), a.getInt(2)));
    Dataset<Row> frame = session.createDataFrame(shuffled, ROWS).repartition(3);
    return new SparkClients(
        new ClientRoster(null, null, frame, null),
        ITEMS,
        new FederationPlan(
            settings(),
            BucketRule.AVAILABILITY,
            4,
            2,
            SHARES,
            Set.of(),
            partitions,
            2,
            Hush.OFF,
            fault),
        null);
  }

  private static GlobalState run(Clients clients) {
    return new Federation(settings(), clients, record -> {}).run(begin(clients.census()));
  }

  private static void assertSame(SparseTable actual, SparseTable expected) {
    assertThat(actual.rowOffsets()).isEqualTo(expected.rowOffsets());
    assertThat(actual.dims()).isEqualTo(expected.dims());
    assertThat(actual.weights()).isEqualTo(expected.weights());
  }

  /** The bits of the final table and of what each client keeps for itself. */
  private void assertSameAsLocal(SparkClients clients, LocalClients local) {
    GlobalState expected = run(local);
    GlobalState actual = run(clients);
    assertSame(actual.items(), expected.items());
    try (LocalModels models = clients.personalise(actual)) {
      for (int client = 0; client < CLIENTS; client++) {
        SparseTable items = local.personalise(expected, client).items();
        List<Row> rows =
            models
                .tables()
                .items(session)
                .where("client = " + client)
                .orderBy("id")
                .collectAsList();
        List<Float> weights = new ArrayList<>();
        List<Short> dims = new ArrayList<>();
        rows.forEach(row -> weights.addAll(row.getList(3)));
        rows.forEach(row -> dims.addAll(row.getList(2)));
        assertThat(weights).hasSize(items.stored());
        for (int i = 0; i < weights.size(); i++) {
          assertThat(dims.get(i)).isEqualTo(items.dims()[i]);
          assertThat(weights.get(i)).isEqualTo(items.weights()[i]);
        }
      }
    }
  }

  /** States are read from files again after rounds 2 and 4; nobody may notice. */
  @Test
  void checkpointsOfTheClientsKeepTheBits(@TempDir Path place) throws Exception {
    session.sparkContext().setCheckpointDir(place.toUri().toString());
    try (SparkClients clients = spark(3, StepFault.NONE)) {
      assertSameAsLocal(clients, local((round, client) -> false));
      try (Stream<Path> files = Files.walk(place)) {
        assertThat(files.filter(file -> file.getFileName().toString().startsWith("part-")))
            .hasSize(2 * 3);
      }
    } finally {
      session.sparkContext().setCheckpointDir(null);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void anyNumberOfPartitionsGivesTheBitsOfOneProcess(int partitions) {
    try (SparkClients clients = spark(partitions, StepFault.NONE)) {
      assertSameAsLocal(clients, local((round, client) -> false));
      assertThat(clients.failures()).isEmpty();
    }
  }

  @Test
  void aStepThatFailsOnceIsTriedAgain() {
    StepFault once =
        (round, client, attempt) -> {
          if (attempt == 1 && (round + client) % 2 == 0) {
            throw new IllegalStateException("lost");
          }
        };
    try (SparkClients clients = spark(2, once)) {
      assertSameAsLocal(clients, local((round, client) -> false));
      assertThat(clients.failures()).isEmpty();
    }
  }

  @Test
  void aClientThatFailsTwiceIsLeftOutOfTheRoundAndReported() {
    StepFault twice =
        (round, client, attempt) -> {
          if (round == 2 && client % 2 == 0) {
            throw new IllegalStateException("user 17 is broken");
          }
        };
    try (SparkClients clients = spark(2, twice)) {
      assertSameAsLocal(clients, local((round, client) -> round == 2 && client % 2 == 0));
      assertThat(clients.failures().keySet()).containsExactly(2);
      assertThat(clients.failures().get(2))
          .isNotEmpty()
          .allSatisfy(
              (client, why) -> assertThat(why).isEqualTo("java.lang.IllegalStateException"));
    }
  }

  /** What an executor held is gone: it is computed again from the data and the broadcasts. */
  @Test
  void lostPartitionsAreComputedAgainToTheSameBits() {
    try (SparkClients clients = spark(2, StepFault.NONE)) {
      Clients forgetful =
          new Clients() {
            @Override
            public SortedSet<Integer> members() {
              return clients.members();
            }

            @Override
            public Census census() {
              return clients.census();
            }

            @Override
            public List<ClientUpdate> round(GlobalState global, SortedSet<Integer> asked) {
              List<ClientUpdate> updates = clients.round(global, asked);
              new JavaSparkContext(session.sparkContext())
                  .getPersistentRDDs()
                  .values()
                  .forEach(rdd -> SparkEnv.get().blockManager().master().removeRdd(rdd.id(), true));
              return updates;
            }
          };
      assertSame(run(forgetful).items(), run(local((round, client) -> false)).items());
    }
  }

  /** All that tasks send to the driver, field by field; docs/federation.md has the same table. */
  @Test
  void nothingButTheDocumentedFieldsLeavesAClient() {
    assertThat(names(RoundAnswer.class)).containsExactly("client", "update", "failure");
    assertThat(names(ClientUpdate.class))
        .containsExactly(
            "client",
            "round",
            "samples",
            "kept",
            "rows",
            "changes",
            "growRows",
            "growDims",
            "growGains");
    LocalClients local = local((round, client) -> false);
    GlobalState global = begin(local.census());
    ClientUpdate update = local.round(global, new TreeSet<>(Set.of(3))).get(0);
    Kryo kryo = new Kryo();
    kryo.setRegistrationRequired(true);
    AlsKryo.register(kryo);
    FederateKryo.register(kryo);
    Output output = new Output(1 << 20, -1);
    kryo.writeClassAndObject(output, new RoundAnswer(3, update, null));
    // The arrays, and a few bytes a field for their types and lengths.
    assertThat(output.position())
        .isLessThan((int) update.bytes() + 4 * 32)
        .isGreaterThan(4 * update.changes().length);
    Object read = kryo.readClassAndObject(new Input(output.toBytes()));
    assertThat(((RoundAnswer) read).update().changes()).isEqualTo(update.changes());
    assertThat(update.samples()).hasSize(global.layout().buckets());
    assertThat(update.rows()).hasSize((ITEMS + 63) / 64);
    assertThat(update.kept()).hasSize((global.layout().blocks() + 63) / 64);
  }

  private static List<String> names(Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
  }

  @Test
  void aClientThatIsTooLargeIsRefusedByName() {
    assertThatThrownBy(() -> SparkClients.requireSizes(Map.of("north", 11L), 10))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'north' has 11 interactions")
        .hasMessageContaining("maxClientInteractions = 10");
  }
}
