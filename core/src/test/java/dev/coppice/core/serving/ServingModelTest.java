package dev.coppice.core.serving;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.als.FoldInSolver;
import dev.coppice.core.als.Objectives;
import dev.coppice.core.table.SparseTable;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServingModelTest {
  @TempDir Path directory;

  static Stream<Arguments> sizes() {
    return Stream.of(
        Arguments.of(IdKind.INT, 1, 0, 1, 1.0),
        Arguments.of(IdKind.LONG, 1, 5, 3, 0.5),
        Arguments.of(IdKind.STRING, 3, 4, 0, 0.5),
        Arguments.of(IdKind.STRING, 9, 40, 33, 0.3),
        Arguments.of(IdKind.INT, 16, 10, 600, 0.9),
        Arguments.of(IdKind.LONG, 300, 8, 1025, 0.05),
        Arguments.of(IdKind.STRING, 40, 3, 9000, 0.2),
        Arguments.of(IdKind.LONG, 65_535, 3, 5, 0.001));
  }

  private static List<Integer> rows(List<RankedItem> list) {
    return list.stream().map(RankedItem::row).toList();
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void listsAreThoseOfPlainLoops(IdKind ids, int rank, int users, int items, double density)
      throws Exception {
    SmallModel made = new SmallModel(ids, rank, users, items, density, 11);
    // Small segments, so that rows and columns cross from one to the next.
    ServingModel model =
        ServingModel.open(made.file(directory, WeightForm.FLOAT32, true), 8).verify();
    assertThat(model.info()).isEqualTo(made.info);
    assertThat(model.holdsSeen()).isEqualTo(users > 0);
    SparseTable unit = SmallModel.unit(made.items);
    for (int u = 0; u < Math.min(users, 8); u++) {
      String id = made.userIds.get(u);
      List<RankedItem> list = model.recommend(id, 7).orElseThrow();
      assertThat(rows(list)).isEqualTo(SmallModel.best(made.users, u, made.items, 7, made.seen[u]));
      for (RankedItem entry : list) {
        assertThat(entry.id()).isEqualTo(made.itemIds.get(entry.row()));
        assertThat(entry.score()).isEqualTo(SmallModel.dot(made.users, u, made.items, entry.row()));
      }
      assertThat(rows(model.recommend(id, Selection.of(3).withSeen()).orElseThrow()))
          .isEqualTo(SmallModel.best(made.users, u, made.items, 3));
    }
    for (int i = 0; i < Math.min(items, 8); i++) {
      List<RankedItem> similar = model.similar(made.itemIds.get(i), 5).orElseThrow();
      assertThat(rows(similar)).isEqualTo(SmallModel.best(unit, i, unit, 5, i));
      for (RankedItem entry : similar) {
        assertThat(entry.score()).isEqualTo(SmallModel.dot(unit, i, unit, entry.row()));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void halvesAreTheListsOfTheRoundedTables(
      IdKind ids, int rank, int users, int items, double density) throws Exception {
    SmallModel made = new SmallModel(ids, rank, users, items, density, 12);
    ServingModel model =
        ServingModel.open(made.file(directory, WeightForm.FLOAT16, false), 12).verify();
    SparseTable roundedUsers = rounded(made.users);
    SparseTable roundedItems = rounded(made.items);
    SparseTable unit = SmallModel.unit(roundedItems);
    for (int u = 0; u < Math.min(users, 5); u++) {
      assertThat(rows(model.recommend(made.userIds.get(u), 7).orElseThrow()))
          .isEqualTo(SmallModel.best(roundedUsers, u, roundedItems, 7));
    }
    for (int i = 0; i < Math.min(items, 5); i++) {
      assertThat(rows(model.similar(made.itemIds.get(i), 5).orElseThrow()))
          .isEqualTo(SmallModel.best(unit, i, unit, 5, i));
    }
  }

  /** A reader that did not know the flag would fold users in with weights of any sign. */
  @Test
  void nonnegativeWeightsAreAFlagOfTheFile() throws Exception {
    SmallModel any = new SmallModel(IdKind.LONG, 9, 4, 50, 0.5, 14);
    SmallModel made =
        new SmallModel(
            IdKind.LONG, 9, 4, 50, 0.5, 14, Objectives.nonnegative(SmallModel.OBJECTIVE));
    Path file = made.file(directory, WeightForm.FLOAT32, true);
    byte[] start = Files.readAllBytes(file);
    assertThat(start[24]).isEqualTo((byte) 2);
    ServingModel model = ServingModel.open(file).verify();
    assertThat(model.info()).isEqualTo(made.info);
    ServingModel signed = ServingModel.open(any.file(directory, WeightForm.FLOAT32, true));
    List<String> history = List.of(made.itemIds.get(8), made.itemIds.get(30), made.itemIds.get(5));
    boolean below = false;
    for (float weight : model.foldIn(history).orElseThrow().weights()) {
      assertThat(weight).isNotNegative();
    }
    for (float weight : signed.foldIn(history).orElseThrow().weights()) {
      below |= weight < 0;
    }
    assertThat(below).isTrue();
  }

  private static SparseTable rounded(SparseTable table) {
    float largest = 0;
    for (float weight : table.weights()) {
      largest = Math.max(largest, Math.abs(weight));
    }
    WeightCodec codec = WeightCodec.of(WeightForm.FLOAT16, largest);
    float[] weights = new float[table.stored()];
    for (int p = 0; p < weights.length; p++) {
      weights[p] = codec.stored(table.weights()[p]);
    }
    return table.withWeights(weights);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void idsAreFoundBothWays(IdKind ids, int rank, int users, int items, double density)
      throws Exception {
    SmallModel made = new SmallModel(ids, rank, users, items, density, 13);
    ServingModel model = ServingModel.open(made.file(directory, WeightForm.FLOAT16, true), 9);
    assertThat(model.users().size()).isEqualTo(users);
    for (int i = 0; i < items; i++) {
      assertThat(model.items().id(i)).isEqualTo(made.itemIds.get(i));
      assertThat(model.items().find(made.itemIds.get(i))).isEqualTo(i);
    }
    for (String unknown : new String[] {"nobody", "a", "\uD83D\uDE00", "\uD83D", "9e9", "00", ""}) {
      assertThat(model.items().find(unknown)).isEqualTo(made.itemIds.indexOf(unknown));
      assertThat(model.recommend("?" + unknown, 3)).isEmpty();
      assertThat(model.similar("?" + unknown, 3)).isEmpty();
    }
    assertThat(model.items().find(Long.MAX_VALUE)).isEqualTo(-1);
    assertThatThrownBy(() -> model.items().id(items)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void numbersAreMatchedAsTheyAreWritten() throws Exception {
    SmallModel made = new SmallModel(IdKind.INT, 4, 9, 9, 0.5, 1);
    ServingModel model = ServingModel.open(made.file(directory, WeightForm.FLOAT32, false));
    assertThat(model.items().find("-20")).isZero();
    assertThat(model.items().find("-020")).isEqualTo(-1);
    assertThat(model.items().find(" -20")).isEqualTo(-1);
    assertThat(model.items().find("4294967276")).isEqualTo(-1);
    assertThat(model.items().find(-20)).isZero();
  }

  @Test
  void excludedItemsAreLeftOutBesideSeenOnes() throws Exception {
    SmallModel made = new SmallModel(IdKind.STRING, 9, 10, 50, 0.3, 3);
    ServingModel model = ServingModel.open(made.file(directory, WeightForm.FLOAT32, true));
    Selection all = Selection.of(1000);
    List<Integer> before = rows(model.recommend(made.userIds.get(1), all).orElseThrow());
    Set<String> out = Set.of(made.itemIds.get(before.get(0)), "unknown", made.itemIds.get(7));
    List<Integer> after =
        rows(model.recommend(made.userIds.get(1), all.without(out)).orElseThrow());
    List<Integer> expected = new ArrayList<>(before);
    expected.removeAll(List.of(before.get(0), 7));
    assertThat(after).isEqualTo(expected);
    assertThat(all.without(out).without(Set.of("x")).excluded()).hasSize(4);
    assertThatThrownBy(() -> Selection.of(0)).hasMessageContaining("k is 0");
  }

  /** Older releases do not know biases: the file has a flag that they refuse. */
  @ParameterizedTest
  @EnumSource
  void itemBiasesCountInListsButNotInSimilarity(WeightForm form) throws Exception {
    SmallModel made = new SmallModel(IdKind.LONG, 6, 9, 50, 0.5, 3, true);
    Path file = made.file(directory, form, true);
    assertThat(ByteBuffer.wrap(Files.readAllBytes(file)).order(LITTLE_ENDIAN).getInt(24))
        .isEqualTo(1);
    ServingModel model = ServingModel.open(file).verify();
    assertThat(model.info()).isEqualTo(made.info);
    boolean exact = form == WeightForm.FLOAT32;
    SparseTable items = exact ? made.items : rounded(made.items);
    SparseTable users = exact ? made.users : rounded(made.users);
    SparseTable unit = SmallModel.unit(withoutBias(items));
    for (int u = 0; u < 9; u++) {
      assertThat(rows(model.recommend(made.userIds.get(u), 7).orElseThrow()))
          .isEqualTo(SmallModel.best(users, u, items, 7, made.seen[u]));
    }
    for (int i = 0; i < 50; i++) {
      assertThat(rows(model.similar(made.itemIds.get(i), 7).orElseThrow()))
          .isEqualTo(SmallModel.best(unit, i, unit, 7, i));
    }
  }

  private static SparseTable withoutBias(SparseTable table) {
    float[] weights = table.weights().clone();
    for (int p = 0; p < weights.length; p++) {
      weights[p] = table.dim(p) == 0 ? 0 : weights[p];
    }
    return table.withWeights(weights);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void foldInIsTheSolversRowAndLeavesItsItemsOut(boolean bias) throws Exception {
    SmallModel made = new SmallModel(IdKind.STRING, 9, 10, 50, 0.3, 3, bias);
    ServingModel model = ServingModel.open(made.file(directory, WeightForm.FLOAT32, true));
    int[] rows = {4, 8, 8, 30};
    float[] weights = {2f, 1f, 3f, 1f};
    SparseTable[] picked = new SparseTable[1];
    int[] offsets = new int[5];
    List<Integer> dims = new ArrayList<>();
    List<Float> values = new ArrayList<>();
    for (int n = 0; n < 4; n++) {
      for (int p = made.items.begin(rows[n]); p < made.items.end(rows[n]); p++) {
        dims.add(made.items.dim(p));
        values.add(made.items.weights()[p]);
      }
      offsets[n + 1] = dims.size();
    }
    short[] d = new short[dims.size()];
    float[] w = new float[d.length];
    for (int p = 0; p < d.length; p++) {
      d[p] = (short) (int) dims.get(p);
      w[p] = values.get(p);
    }
    picked[0] = new SparseTable(9, offsets, d, w);
    SparseTable expected =
        new FoldInSolver(made.info.foldIn(50), made.gramian())
            .solve(picked[0], Arrays.stream(rows).map(r -> made.degrees[r]).toArray(), weights);
    List<String> ids =
        List.of(
            made.itemIds.get(8),
            made.itemIds.get(30),
            "unknown",
            made.itemIds.get(4),
            made.itemIds.get(8));
    UserRow found = model.foldIn(ids, new float[] {3f, 1f, 9f, 2f, 1f}).orElseThrow();
    assertThat(found.dims()).isEqualTo(expected.dims());
    assertThat(found.weights()).isEqualTo(expected.weights());
    assertThat(found.dims()).hasSizeBetween(1, 3);
    assertThat(found.dims()[0] == 0 && found.weights()[0] == 1).isEqualTo(bias);
    assertThat(found.items()).containsExactly(4, 8, 30);
    assertThat(rows(model.recommend(found, Selection.of(50))))
        .isEqualTo(SmallModel.best(expected, 0, made.items, 50, 4, 8, 30));
    assertThat(model.foldIn(List.of("unknown"))).isEmpty();
    assertThat(model.foldIn(List.of())).isEmpty();
    assertThatThrownBy(() -> model.foldIn(ids, new float[2])).hasMessageContaining("5 items");
    assertThatThrownBy(() -> model.foldIn(List.of("a"), new float[] {Float.NaN}))
        .hasMessageContaining("NaN");
  }

  @Test
  void foldInWithoutAGramianIsRefused() throws Exception {
    SmallModel made = new SmallModel(IdKind.LONG, 5000, 1, 5, 0.01, 3);
    ServingModel model = ServingModel.open(made.file(directory, WeightForm.FLOAT32, true));
    assertThat(model.canFoldIn()).isFalse();
    assertThatThrownBy(() -> model.foldIn(List.of(made.itemIds.get(0))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("foldIn = true");
  }

  @Test
  void longIdsAndManyOfThem() throws Exception {
    SmallModel made = new SmallModel(IdKind.STRING, 2, 0, 0, 1, 3);
    String longest = "z".repeat(1 << 20);
    Path file = directory.resolve("ids");
    try (ServingWriter writer = new ServingWriter(directory, made.info)) {
      short[] none = new short[0];
      writer.addItem("", 0, none, new float[0]);
      writer.addItem("a\u0000b", 0, none, new float[0]);
      writer.addItem("\uFF21", 0, new short[] {1}, new float[] {2});
      writer.addItem("\uD83D\uDE00", 0, none, new float[0]);
      assertThatThrownBy(() -> writer.addItem("\uFF21", 0, none, new float[0]))
          .hasMessageContaining("ascending");
      assertThatThrownBy(() -> writer.addItem(longest + "z", 0, none, new float[0]))
          .hasMessageContaining("1048577 bytes");
      assertThatThrownBy(() -> writer.addItem("\uD83D\uDE00\uD83D", 0, none, new float[0]))
          .hasMessageContaining("no Unicode");
      assertThatThrownBy(() -> writer.addItem(7, 0, none, new float[0]))
          .hasMessageContaining("another type");
      writer.addUser(longest, new short[] {1}, new float[] {1}, null);
      writer.write(file, WeightForm.FLOAT32);
    }
    ServingModel model = ServingModel.open(file, 10).verify();
    assertThat(model.recommend(longest, 9).orElseThrow())
        .containsExactly(
            new RankedItem("\uFF21", 2, 2f),
            new RankedItem("", 0, 0f),
            new RankedItem("a\u0000b", 1, 0f),
            new RankedItem("\uD83D\uDE00", 3, 0f));
    assertThat(model.recommend(longest.substring(1), 9)).isEmpty();
  }

  @Test
  void manyThreadsGetTheSameAnswers() throws Exception {
    SmallModel made = new SmallModel(IdKind.STRING, 40, 30, 3000, 0.2, 5);
    ServingModel model = ServingModel.open(made.file(directory, WeightForm.FLOAT16, true));
    List<Callable<List<Object>>> tasks = new ArrayList<>();
    for (int t = 0; t < 16; t++) {
      tasks.add(
          () -> {
            List<Object> answers = new ArrayList<>();
            for (int u = 0; u < 30; u++) {
              answers.add(model.recommend(made.userIds.get(u), 10));
              UserRow row = model.foldIn(made.itemIds.subList(u, u + 20)).orElseThrow();
              answers.add(model.recommend(row, Selection.of(10)));
              answers.add(model.similar(made.itemIds.get(u), 10));
            }
            return answers;
          });
    }
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Object> expected = tasks.get(0).call();
      for (Future<List<Object>> answers : pool.invokeAll(tasks)) {
        assertThat(answers.get()).isEqualTo(expected);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void theSameRowsGiveTheSameBytesAndNothingElseIsLeftBehind() throws Exception {
    SmallModel made = new SmallModel(IdKind.LONG, 9, 40, 33, 0.3, 2);
    Path first = made.file(directory, WeightForm.FLOAT16, true);
    byte[] bytes = Files.readAllBytes(first);
    ServingModel open = ServingModel.open(first);
    Optional<List<RankedItem>> list = open.recommend(made.userIds.get(2), 5);
    // Replaced while it is open: the reader goes on with the old one.
    made.file(directory, WeightForm.FLOAT16, true);
    assertThat(Files.readAllBytes(first)).isEqualTo(bytes);
    assertThat(open.recommend(made.userIds.get(2), 5)).isEqualTo(list);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(first);
    }
    assertThat(open.bytes()).isEqualTo(bytes.length);
    assertThat(open.sectionBytes().values().stream().mapToLong(b -> b).sum())
        .isLessThan(bytes.length);
  }

  @Test
  void theWriterRefusesWhatDoesNotFit() throws Exception {
    SmallModel made = new SmallModel(IdKind.INT, 9, 4, 4, 0.3, 2);
    try (ServingWriter writer = made.writer(directory, true)) {
      short[] none = new short[0];
      float[] nothing = new float[0];
      assertThatThrownBy(() -> writer.addUser(5_000_000_000L, none, nothing, new int[0]))
          .hasMessageContaining("32-bit");
      assertThatThrownBy(() -> writer.addUser(900, none, nothing, null))
          .hasMessageContaining("for some users");
      assertThatThrownBy(() -> writer.addUser(900, none, nothing, new int[] {2, 2}))
          .hasMessageContaining("do not ascend");
      assertThatThrownBy(() -> writer.addItem(900, -1, none, nothing))
          .hasMessageContaining("degree is -1");
      assertThatThrownBy(() -> writer.addItem(900, 0, new short[] {9}, new float[] {1}))
          .hasMessageContaining("below rank 9");
      assertThatThrownBy(() -> writer.addItem(900, 0, new short[] {1}, new float[] {1f / 0}))
          .hasMessageContaining("finite");
      assertThatThrownBy(() -> writer.addItem(900, 0, new short[] {1}, nothing))
          .hasMessageContaining("1 dims and 0 weights");
      assertThatThrownBy(() -> writer.gramian(new double[81])).hasMessageContaining("once");
      assertThat(writer.items()).isEqualTo(4);
      assertThat(writer.users()).isEqualTo(4);
      assertThat(writer.weights()).isEqualTo(made.users.stored() + made.items.stored());
      Path file = directory.resolve("a");
      writer.write(file, WeightForm.FLOAT32);
      assertThatThrownBy(() -> writer.addItem(900, 0, none, nothing))
          .isInstanceOf(IllegalStateException.class);
      // A second form of the same rows.
      assertThat(writer.write(directory.resolve("b"), WeightForm.FLOAT16))
          .isLessThan(Files.size(file));
      assertThat(ServingModel.open(file).weightForm()).isEqualTo(WeightForm.FLOAT32);
    }
    try (ServingWriter writer = made.writer(directory, false)) {
      assertThatThrownBy(() -> writer.addUser(900, new short[0], new float[0], new int[] {4}))
          .hasMessageContaining("for some users");
    }
    try (ServingWriter writer = new ServingWriter(directory, made.info)) {
      writer.addUser(1, new short[0], new float[0], new int[] {0});
      assertThatThrownBy(() -> writer.write(directory.resolve("c"), WeightForm.FLOAT32))
          .hasMessageContaining("item row 0 is seen");
    }
  }

  @Test
  void excludedEverything() throws Exception {
    SmallModel made = new SmallModel(IdKind.INT, 3, 2, 12, 0.5, 2);
    ServingModel model = ServingModel.open(made.file(directory, WeightForm.FLOAT32, false));
    assertThat(model.recommend(made.userIds.get(0), Selection.of(5).without(made.itemIds)))
        .hasValue(Collections.emptyList());
    assertThat(IntStream.range(0, 12).map(i -> model.item(i).stored()).sum())
        .isEqualTo(made.items.stored());
  }

  /** A list of allowed items is the whole list without the others, whatever else is left out. */
  @Test
  void onlyWhatIsAllowed() throws Exception {
    SmallModel made = new SmallModel(IdKind.STRING, 5, 6, 40, 0.5, 3);
    ServingModel model = ServingModel.open(made.file(directory, WeightForm.FLOAT32, true));
    List<String> allowed = new ArrayList<>(made.itemIds.subList(3, 17));
    allowed.add("nothing of that name");
    String left = made.itemIds.get(5);
    for (String user : made.userIds) {
      List<RankedItem> expected =
          model.recommend(user, Selection.of(1000)).orElseThrow().stream()
              .filter(item -> allowed.contains(item.id()) && !item.id().equals(left))
              .toList();
      Selection selection = Selection.of(1000).within(allowed).without(List.of(left));
      assertThat(model.recommend(user, selection)).hasValue(expected);
      assertThat(model.recommend(user, selection.within(made.itemIds))).hasValue(expected);
      assertThat(model.recommend(user, selection.within(List.of()))).hasValue(List.of());
    }
    String item = made.itemIds.get(4);
    assertThat(model.similar(item, Selection.of(1000).within(allowed)).orElseThrow())
        .isEqualTo(
            model.similar(item, 1000).orElseThrow().stream()
                .filter(other -> allowed.contains(other.id()))
                .toList());
  }
}
