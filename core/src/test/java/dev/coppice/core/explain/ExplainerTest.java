package dev.coppice.core.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.Objectives;
import dev.coppice.core.serving.IdKind;
import dev.coppice.core.serving.Neighbours;
import dev.coppice.core.serving.RankedItem;
import dev.coppice.core.serving.Selection;
import dev.coppice.core.serving.ServingInfo;
import dev.coppice.core.serving.ServingModel;
import dev.coppice.core.serving.ServingWriter;
import dev.coppice.core.serving.UserRow;
import dev.coppice.core.serving.WeightForm;
import dev.coppice.core.table.SparseTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainerTest {
  @TempDir private Path directory;

  private static ServingInfo info(int rank) {
    return info(rank, false);
  }

  private static ServingInfo info(int rank, boolean itemBias) {
    AlsObjective objective = Objectives.withItemBias(Objectives.explicit(0.1, 1), itemBias);
    return new ServingInfo(
        rank, 0.5, objective, 1, 0, IdKind.STRING, IdKind.STRING, "", false, Map.of());
  }

  /**
   * By hand: Ann holds (0: 2, 3: -1, 7: 0.5); the film "new" (0: 1.5, 3: 2, 9: 1). They share 0 and
   * 3, which add 3 and -2, so the score is 1. Of Ann's own films, "a" (0: 3) and "c" (0: -1, 3: -2)
   * hold weight there; "b" (5: 9) does not.
   */
  private ServingModel worked() throws IOException {
    return worked(false);
  }

  private ServingModel worked(boolean itemBias) throws IOException {
    Path file = directory.resolve("worked" + itemBias);
    try (ServingWriter writer = new ServingWriter(directory, info(10, itemBias))) {
      writer.addItem("a", 0, new short[] {0}, new float[] {3});
      writer.addItem("b", 0, new short[] {5}, new float[] {9});
      writer.addItem("c", 0, new short[] {0, 3}, new float[] {-1, -2});
      writer.addItem("new", 0, new short[] {0, 3, 9}, new float[] {1.5f, 2, 1});
      writer.addUser("Ann", new short[] {0, 3, 7}, new float[] {2, -1, 0.5f}, new int[] {0, 1, 2});
      writer.addUser("Bob", new short[] {3}, new float[] {-4}, new int[0]);
      writer.write(file, WeightForm.FLOAT32);
    }
    return ServingModel.open(file);
  }

  /** Every item holds a bias: no own item is a reason for it. */
  @Test
  void anItemBiasIsExplainedByNoOwnItem() throws IOException {
    Explanation plain = new Explainer(worked()).explain("Ann", "new", 10).orElseThrow();
    Explanation biased = new Explainer(worked(true)).explain("Ann", "new", 10).orElseThrow();
    assertThat(biased.score()).isEqualTo(plain.score());
    assertThat(biased.dimensions()).hasSize(2);
    for (int at = 0; at < 2; at++) {
      SharedDimension shared = biased.dimensions().get(at);
      assertThat(shared.part()).isEqualTo(plain.dimensions().get(at).part());
      assertThat(shared.ownItems().isEmpty()).isEqualTo(shared.dim() == 0);
    }
  }

  @Test
  void workedExample() throws IOException {
    Explainer explainer = new Explainer(worked());
    Explanation found = explainer.explain("Ann", "new", 10).orElseThrow();
    assertThat(found)
        .isEqualTo(
            new Explanation(
                "Ann",
                "new",
                1f,
                1f,
                0f,
                List.of(
                    new SharedDimension(
                        0, 2, 1.5f, 3, List.of(new OwnItem("a", 3), new OwnItem("c", -1))),
                    new SharedDimension(3, -1, 2, -2, List.of(new OwnItem("c", -2)))),
                List.of()));
    assertThat(explainer.explain("Ann", "new", 1).orElseThrow().dimensions().get(0).ownItems())
        .containsExactly(new OwnItem("a", 3));
    assertThat(explainer.explain("Ann", "b", 1).orElseThrow())
        .isEqualTo(new Explanation("Ann", "b", 0, 0, 0, List.of(), List.of()));
    assertThat(explainer.explain("Ann", "unknown", 1)).isEmpty();
    assertThat(explainer.explain("Zoe", "new", 1)).isEmpty();
  }

  @Test
  void dimensionsNameTheRowsOfTheLargestWeights() throws IOException {
    Explainer explainer = new Explainer(worked());
    DimensionProfile zero = explainer.dimension(0, 2);
    assertThat(zero.items()).containsExactly(new WeightedId("a", 3), new WeightedId("new", 1.5f));
    assertThat(zero.users()).containsExactly(new WeightedId("Ann", 2));
    assertThat(zero.itemCount()).isEqualTo(3);
    assertThat(zero.userCount()).isEqualTo(1);
    // Dimension 0: items 9 + 1 + 2.25, users 4. Dimension 3: items 4 + 4, users 1 + 16.
    assertThat(zero.strength()).isEqualTo(Math.sqrt(12.25 * 4));
    List<DimensionProfile> strongest = explainer.strongest(5, 3);
    assertThat(strongest).extracting(DimensionProfile::dim).containsExactly(3, 0);
    assertThat(strongest.get(0).strength()).isEqualTo(Math.sqrt(8 * 17));
    assertThat(strongest.get(0).items())
        .containsExactly(new WeightedId("c", -2), new WeightedId("new", 2));
    assertThat(explainer.strongest(1, 3)).hasSize(1);
    assertThat(explainer.dimension(9, 4).users()).isEmpty();
    assertThatThrownBy(() -> explainer.dimension(10, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void partsSumToTheScoreOfEveryRecommendation() throws IOException {
    Random random = new Random(3);
    int rank = 40;
    Path file = directory.resolve("random");
    try (ServingWriter writer = new ServingWriter(directory, info(rank))) {
      for (int i = 0; i < 60; i++) {
        int[] dims = IntStream.range(0, rank).filter(d -> random.nextInt(3) == 0).toArray();
        writer.addItem((i < 10 ? "i0" : "i") + i, 0, shorts(dims), weights(random, dims.length));
      }
      for (int u = 0; u < 10; u++) {
        int[] dims = IntStream.range(0, rank).filter(d -> random.nextInt(3) == 0).toArray();
        writer.addUser("u" + u, shorts(dims), weights(random, dims.length), new int[] {u, u + 10});
      }
      writer.write(file, WeightForm.FLOAT16);
    }
    ServingModel model = ServingModel.open(file);
    Explainer explainer = new Explainer(model);
    for (int u = 0; u < 10; u++) {
      for (RankedItem entry : model.recommend("u" + u, 58).orElseThrow()) {
        Explanation why = explainer.explain("u" + u, entry.id(), 2).orElseThrow();
        assertThat(why.score()).isEqualTo(entry.score());
        float sum = 0;
        for (SharedDimension shared :
            why.dimensions().stream()
                .sorted(Comparator.comparingInt(SharedDimension::dim))
                .toList()) {
          assertThat(shared.part()).isEqualTo(shared.userWeight() * shared.itemWeight());
          assertThat(shared.ownItems()).hasSizeLessThanOrEqualTo(2);
          sum += shared.part();
        }
        assertThat(sum).isEqualTo(entry.score());
        assertThat(why.dimensions())
            .isSortedAccordingTo(
                Comparator.comparingDouble((SharedDimension s) -> -Math.abs(s.part())));
      }
    }
    UserRow folded =
        model.foldIn(List.of("i03", "i04", "i05"), new float[] {3, 4, 5}).orElseThrow();
    RankedItem first = model.recommend(folded, Selection.of(1)).get(0);
    assertThat(explainer.explain("new", folded, first.id(), 3).orElseThrow().score())
        .isEqualTo(first.score());
  }

  /**
   * By hand: Ann has "a" and "c", which speak for "new" with .25 and -2, and the latent part is 3;
   * a code without an item adds .125. The sum runs over ascending codes: .125 - 2 + .25.
   */
  @Test
  void ownItemsSpeakByTheirLinks() throws IOException {
    Path file = directory.resolve("linked");
    ServingInfo plain = info(10);
    ServingInfo linked =
        new ServingInfo(
            10,
            plain.density(),
            plain.objective(),
            1,
            0,
            IdKind.STRING,
            IdKind.STRING,
            "",
            true,
            Map.of());
    short[] none = new short[0];
    float[] nothing = new float[0];
    try (ServingWriter writer = new ServingWriter(directory, linked)) {
      Neighbours alone = new Neighbours(8, new int[0], nothing);
      writer.addItem("a", 0, new short[] {0}, new float[] {3}, alone);
      writer.addItem("b", 0, none, nothing, new Neighbours(5, new int[0], nothing));
      writer.addItem("c", 0, none, nothing, new Neighbours(4, new int[0], nothing));
      writer.addItem(
          "new",
          0,
          new short[] {0},
          new float[] {1.5f},
          new Neighbours(6, new int[] {1, 4, 5, 8}, new float[] {0.125f, -2, 9, 0.25f}));
      writer.addUser("Ann", new short[] {0}, new float[] {2}, null, new int[] {1, 4, 8});
      writer.write(file, WeightForm.FLOAT32);
    }
    ServingModel model = ServingModel.open(file);
    Explanation found = new Explainer(model).explain("Ann", "new", 10).orElseThrow();
    assertThat(found)
        .isEqualTo(
            new Explanation(
                "Ann",
                "new",
                1.375f,
                3f,
                -1.625f,
                List.of(new SharedDimension(0, 2, 1.5f, 3, List.of(new OwnItem("a", 3)))),
                List.of(
                    new OwnNeighbour("c", -2),
                    new OwnNeighbour("a", 0.25f),
                    new OwnNeighbour(null, 0.125f))));
    assertThat(model.recommend("Ann", 4).orElseThrow())
        .contains(new RankedItem("new", 3, found.score()));
    assertThat(new Explainer(model).explain("Ann", "b", 10).orElseThrow().neighbours()).isEmpty();
  }

  private static short[] shorts(int[] dims) {
    short[] out = new short[dims.length];
    for (int p = 0; p < dims.length; p++) {
      out[p] = (short) dims[p];
    }
    return out;
  }

  private static float[] weights(Random random, int count) {
    float[] out = new float[count];
    for (int p = 0; p < count; p++) {
      out[p] = (float) random.nextGaussian();
    }
    return out;
  }

  @Test
  void rowsThatDoNotFitAreRefused() {
    SparseTable one = SparseTable.empty(3, 1);
    assertThatThrownBy(
            () -> Explanation.of("u", one, "i", SparseTable.empty(4, 1), List.of(), one, 1))
        .hasMessageContaining("ranks 3, 4");
    assertThatThrownBy(() -> Explanation.of("u", one, "i", one, List.of(), one, 1))
        .hasMessageContaining("0 own items");
  }
}
