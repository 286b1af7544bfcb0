package dev.coppice.core.serving;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.als.FoldInSolver;
import dev.coppice.core.table.SparseTable;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Neighbours and histories in a serving file, against plain loops, to the bit. */
class ServedNeighboursTest {
  @TempDir Path directory;

  static Stream<Arguments> sizes() {
    return Stream.of(
        Arguments.of(IdKind.INT, 1, 1, 1, 1.0),
        Arguments.of(IdKind.LONG, 2, 5, 3, 0.0),
        Arguments.of(IdKind.STRING, 9, 12, 33, 0.3),
        Arguments.of(IdKind.INT, 4, 9, 600, 0.0),
        Arguments.of(IdKind.LONG, 16, 6, 1025, 0.2),
        Arguments.of(IdKind.STRING, 5, 3, 9000, 0.2));
  }

  /** Not in the order of the rows, up to the largest, and none for some. */
  private static int code(int item) {
    return item % 11 == 10 ? -1 : item % 2 == 0 ? Integer.MAX_VALUE - 3 * item : 5 * item;
  }

  private static List<Integer> rows(List<RankedItem> list) {
    return list.stream().map(RankedItem::row).toList();
  }

  private static SparseTable rounded(SparseTable table, WeightForm form) {
    float largest = 0;
    for (float weight : table.weights()) {
      largest = Math.max(largest, Math.abs(weight));
    }
    WeightCodec codec = WeightCodec.of(form, largest);
    float[] weights = table.weights().clone();
    for (int p = 0; p < weights.length; p++) {
      weights[p] = codec.stored(weights[p]);
    }
    return table.withWeights(weights);
  }

  private static void check(List<RankedItem> list, float[] scores, int k, int... without) {
    assertThat(rows(list)).isEqualTo(LinkedModel.best(scores, k, without));
    for (RankedItem entry : list) {
      assertThat(entry.score()).isEqualTo(scores[entry.row()]);
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void listsAreThoseOfPlainLoops(IdKind ids, int rank, int users, int items, double density)
      throws Exception {
    LinkedModel made =
        new LinkedModel(ids, rank, users, items, density, 5, ServedNeighboursTest::code);
    for (WeightForm form : WeightForm.values()) {
      // Small segments, so that lists cross from one to the next.
      ServingModel model = ServingModel.open(made.file(directory, form), 8).verify();
      assertThat(model.info()).isEqualTo(made.info);
      SparseTable userRows = rounded(made.latent.users, form);
      SparseTable itemRows = rounded(made.latent.items, form);
      for (int u = 0; u < Math.min(users, 8); u++) {
        float[] scores = made.scores(userRows, u, itemRows, made.histories[u], form);
        String id = made.latent.userIds.get(u);
        check(model.recommend(id, 7).orElseThrow(), scores, 7, made.latent.seen[u]);
        check(model.recommend(id, Selection.of(40).withSeen()).orElseThrow(), scores, 40);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void newUsersAreServedFromTheirItems(IdKind ids, int rank, int users, int items, double density)
      throws Exception {
    LinkedModel made =
        new LinkedModel(ids, rank, users, items, density, 6, ServedNeighboursTest::code);
    ServingModel model = ServingModel.open(made.file(directory, WeightForm.FLOAT32));
    assertThat(model.canFoldIn()).isTrue();
    int[] own = IntStream.of(0, items / 3, items / 2, items - 1).distinct().sorted().toArray();
    List<String> asked = Arrays.stream(own).mapToObj(made.latent.itemIds::get).toList();
    UserRow found = model.foldIn(asked).orElseThrow();
    SparseTable expected =
        density == 0
            ? SparseTable.empty(rank, 1)
            : new FoldInSolver(made.info.foldIn(items), made.latent.gramian())
                .solve(
                    model.items(own),
                    Arrays.stream(own).map(i -> made.latent.degrees[i]).toArray(),
                    ones(own.length));
    assertThat(found.dims()).isEqualTo(expected.dims());
    assertThat(found.weights()).isEqualTo(expected.weights());
    assertThat(found.items()).isEqualTo(own);
    int[] history =
        Arrays.stream(own).map(i -> made.codes[i]).filter(c -> c >= 0).sorted().toArray();
    float[] scores = made.scores(expected, 0, made.latent.items, history, WeightForm.FLOAT32);
    check(model.recommend(found, Selection.of(9)), scores, 9, own);
    assertThat(model.historyItems(found))
        .isEqualTo(Arrays.stream(own).filter(i -> made.codes[i] >= 0).toArray());
  }

  private static float[] ones(int count) {
    float[] ones = new float[count];
    Arrays.fill(ones, 1f);
    return ones;
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void similarItemsAreThoseThatAnItemSpeaksForIfThereIsNoLatentPart(
      IdKind ids, int rank, int users, int items, double density) throws Exception {
    LinkedModel made =
        new LinkedModel(ids, rank, users, items, density, 7, ServedNeighboursTest::code);
    ServingModel model = ServingModel.open(made.file(directory, WeightForm.FLOAT32));
    SparseTable none = SparseTable.empty(rank, 1);
    SparseTable unit = SmallModel.unit(made.latent.items);
    for (int i = 0; i < Math.min(items, 12); i++) {
      List<RankedItem> list = model.similar(made.latent.itemIds.get(i), 6).orElseThrow();
      if (density > 0) {
        assertThat(rows(list)).isEqualTo(SmallModel.best(unit, i, unit, 6, i));
      } else {
        int[] history = made.codes[i] < 0 ? new int[0] : new int[] {made.codes[i]};
        check(list, made.scores(none, 0, made.latent.items, history, WeightForm.FLOAT32), 6, i);
      }
    }
  }

  @Test
  void linksSayWhatEachOwnItemAdds() throws Exception {
    LinkedModel made = new LinkedModel(IdKind.LONG, 4, 6, 300, 0.3, 8, ServedNeighboursTest::code);
    ServingModel model = ServingModel.open(made.file(directory, WeightForm.FLOAT32));
    int found = 0;
    for (int u = 0; u < 6; u++) {
      UserRow user = model.user(u);
      for (int item = 0; item < 300; item++) {
        float sum = 0;
        for (HistoryLink link : model.links(user, item)) {
          assertThat(link.weight())
              .isEqualTo(made.neighbours.get(item).get(made.codes[link.item()]));
          sum += link.weight();
          found++;
        }
        assertThat(sum).isEqualTo(made.linked(made.histories[u], item, WeightForm.FLOAT32));
      }
    }
    assertThat(found).isGreaterThan(500);
  }

  /** A list cannot be longer than the groups in which lists are held, but it is written. */
  @Test
  void theSameBytesHoweverManyListsAreHeldAtOnce() throws Exception {
    LinkedModel made =
        new LinkedModel(IdKind.STRING, 9, 12, 330, 0.3, 2, ServedNeighboursTest::code);
    byte[] whole = Files.readAllBytes(made.file(directory, WeightForm.FLOAT16));
    for (int most : new int[] {1, 40, 1000}) {
      Path file = directory.resolve("grouped");
      try (ServingWriter writer = made.writer(directory, most)) {
        assertThat(writer.neighbours())
            .isEqualTo(made.neighbours.stream().mapToLong(row -> row.size()).sum());
        writer.write(file, WeightForm.FLOAT32);
        writer.write(file, WeightForm.FLOAT16);
      }
      assertThat(Files.readAllBytes(file)).isEqualTo(whole);
      Files.delete(file);
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).hasSize(1);
    }
  }

  private static int version(Path file) throws Exception {
    return ByteBuffer.wrap(Files.readAllBytes(file)).order(LITTLE_ENDIAN).getInt(8);
  }

  @Test
  void keysAreLeftOutWhereTheyAreTheRows() throws Exception {
    LinkedModel made = new LinkedModel(IdKind.LONG, 9, 12, 330, 0.3, 2, i -> 7 + 3 * i);
    Path file = made.file(directory, WeightForm.FLOAT32);
    assertThat(version(file)).isEqualTo(2);
    ServingModel model = ServingModel.open(file).verify();
    assertThat(model.sectionBytes()).containsKey("NEIGHBOUR_WEIGHTS");
    assertThat(model.sectionBytes()).doesNotContainKey("NEIGHBOUR_KEYS");
    float[] scores =
        made.scores(made.latent.users, 0, made.latent.items, made.histories[0], WeightForm.FLOAT32);
    check(
        model.recommend(made.latent.userIds.get(0), Selection.of(330).withSeen()).orElseThrow(),
        scores,
        330);
    assertThat(model.historyItems(model.user(0))).hasSize(330);

    SmallModel plain = new SmallModel(IdKind.LONG, 9, 12, 330, 0.3, 2);
    Path without = plain.file(directory, WeightForm.FLOAT32, true);
    assertThat(version(without)).isEqualTo(1);
    ServingModel old = ServingModel.open(without);
    assertThat(old.sectionBytes().keySet())
        .noneMatch(name -> name.startsWith("NEIGHBOUR") || name.startsWith("HISTORY"));
    assertThat(old.links(old.user(0), 1)).isEmpty();
    assertThat(old.historyItems(old.user(0))).isEmpty();
  }

  /** "c" was taken out of the catalogue: it still speaks for "a", and nobody knows its name. */
  @Test
  void codesWithoutAnItemStillCount() throws Exception {
    SmallModel none = new SmallModel(IdKind.STRING, 2, 0, 0, 0, 3);
    ServingInfo info = new LinkedModel(IdKind.STRING, 2, 0, 1, 0, 3, i -> 0).info;
    assertThat(none.info.neighbours()).isFalse();
    short[] dims = new short[0];
    float[] weights = new float[0];
    Path file = directory.resolve("orphans");
    try (ServingWriter writer = new ServingWriter(directory, info)) {
      Neighbours two = new Neighbours(4, new int[] {2, 9}, new float[] {0.5f, 0.25f});
      writer.addItem("a", 0, dims, weights, two);
      writer.addItem("b", 0, dims, weights, new Neighbours(9, new int[0], weights));
      writer.addItem("d", 0, dims, weights);
      // Nothing has the code 7.
      writer.addUser("Ann", dims, weights, null, new int[] {2, 7, 9});
      writer.addUser("Bob", dims, weights, null);
      writer.write(file, WeightForm.FLOAT32);
    }
    ServingModel model = ServingModel.open(file).verify();
    assertThat(model.recommend("Ann", 2).orElseThrow())
        .containsExactly(new RankedItem("a", 0, 0.75f), new RankedItem("b", 1, 0f));
    assertThat(model.links(model.user(0), 0))
        .containsExactly(new HistoryLink(0, -1, 0.5f), new HistoryLink(2, 1, 0.25f));
    assertThat(model.historyItems(model.user(0))).containsExactly(1);
    assertThat(model.recommend("Bob", 1).orElseThrow().get(0).score()).isZero();
  }

  @Test
  void theWriterRefusesWhatDoesNotFit() throws Exception {
    LinkedModel made = new LinkedModel(IdKind.INT, 3, 0, 1, 0.5, 3, i -> i);
    short[] dims = new short[0];
    float[] weights = new float[0];
    try (ServingWriter writer = new ServingWriter(directory, made.info)) {
      assertThatThrownBy(() -> new Neighbours(3, new int[] {1, 2}, new float[] {1}))
          .hasMessageContaining("2 neighbours and 1 weights");
      assertThatThrownBy(() -> new Neighbours(-2, new int[0], weights))
          .hasMessageContaining("code -2");
      Neighbours twice = new Neighbours(0, new int[] {3, 3}, new float[] {1, 1});
      assertThatThrownBy(() -> writer.addItem(8, 0, dims, weights, twice))
          .hasMessageContaining("item 8 has a link of key 3 after 3");
      Neighbours infinite = new Neighbours(0, new int[] {3}, new float[] {1f / 0});
      assertThatThrownBy(() -> writer.addItem(8, 0, dims, weights, infinite))
          .hasMessageContaining("weights must be finite");
      assertThatThrownBy(() -> writer.addUser(5, dims, weights, null, new int[] {-1}))
          .hasMessageContaining("user 5 has a link of key -1");
      assertThat(writer.items() + writer.users()).isZero();
      writer.addItem(1, 0, dims, weights, new Neighbours(6, new int[0], weights));
      writer.addItem(2, 0, dims, weights, new Neighbours(6, new int[0], weights));
      assertThatThrownBy(() -> writer.write(directory.resolve("x"), WeightForm.FLOAT32))
          .hasMessageContaining("two items have the code 6");
    }
    try (ServingWriter writer = new ServingWriter(directory, made.latent.info)) {
      assertThatThrownBy(
              () -> writer.addItem(1, 0, dims, weights, new Neighbours(6, new int[0], weights)))
          .hasMessageContaining("of a model without");
      assertThatThrownBy(() -> writer.addUser(1, dims, weights, null, new int[] {1}))
          .hasMessageContaining("of a model without");
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
  }
}
