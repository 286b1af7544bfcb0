package dev.coppice.core.topk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.linalg.Kernels;
import dev.coppice.core.linalg.VectorKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Scores of a latent and a linked part, against plain loops, to the bit. */
class LinkedScorerTest {

  private record Entry(int item, int bits) {}

  /** Users, items and what the users have seen. */
  private record Case(
      RandomRows users, Links userLinks, RandomRows items, Links itemLinks, int[][] seen) {

    float score(int user, int item) {
      float latent = users.dot(user, items, item);
      return latent + RandomLinks.sum(userLinks, user, itemLinks, item);
    }

    List<Entry> wanted(int user, int k) {
      float[] scores = new float[items.rows()];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = score(user, i);
      }
      return Arrays.stream(PlainRanking.best(scores, seen[user], k))
          .mapToObj(i -> new Entry(i, Float.floatToRawIntBits(scores[i])))
          .toList();
    }

    SourceRows sources() {
      int[] offsets = new int[seen.length + 1];
      for (int u = 0; u < seen.length; u++) {
        offsets[u + 1] = offsets[u] + seen[u].length;
      }
      return users
          .sources()
          .withSeen(offsets, Arrays.stream(seen).flatMapToInt(Arrays::stream).toArray())
          .withLinks(userLinks);
    }

    ItemIndex index() {
      return new ItemIndex.Builder(items.rank)
          .addRows(0, items.offsets, items.dims, items.weights, itemLinks)
          .build();
    }

    /** The items in blocks of a few rows, in an order of their own. */
    ItemIndex shuffledIndex(Random random) {
      List<Integer> rows = new ArrayList<>(IntStream.range(0, items.rows()).boxed().toList());
      Collections.shuffle(rows, random);
      ItemIndex.Builder builder = new ItemIndex.Builder(items.rank);
      for (int row : rows) {
        RandomRows one = items.slice(row, row + 1);
        Links links = RandomLinks.slice(itemLinks, row, row + 1);
        builder.addRows(
            new int[] {row},
            one.offsets,
            one.dims,
            one.weights,
            links.size() == 0 && row % 2 == 0 ? null : links);
      }
      return builder.build();
    }

    void check(ItemIndex index, int k, String what) {
      for (Kernels kernels :
          List.of(VectorKernels.scalar(), VectorKernels.vector().orElseThrow())) {
        List<List<Entry>> lists = lists(new Scorer(index, k, kernels), sources());
        assertThat(lists).hasSize(users.rows());
        for (int u = 0; u < users.rows(); u++) {
          assertThat(lists.get(u))
              .as("%s, k=%d user=%d %s", what, k, u, kernels.name())
              .isEqualTo(wanted(u, k));
        }
      }
      // One user at a time, over the columns.
      ColumnTable columns = index.columns();
      List<List<Entry>> lists = lists(new Scorer(columns, k), sources());
      assertThat(lists.get(users.rows() - 1)).isEqualTo(wanted(users.rows() - 1, k));
    }
  }

  private static List<List<Entry>> lists(Scorer scorer, SourceRows sources) {
    List<List<Entry>> lists = new ArrayList<>();
    scorer.recommend(
        sources,
        (row, count, items, scores) -> {
          assertThat(row).isEqualTo(lists.size());
          lists.add(
              IntStream.range(0, count)
                  .mapToObj(i -> new Entry(items[i], Float.floatToRawIntBits(scores[i])))
                  .toList());
        });
    return lists;
  }

  private static int[] counts(Random random, int rows, int most) {
    int[] counts = new int[rows];
    Arrays.setAll(counts, r -> random.nextInt(3) == 0 ? 0 : random.nextInt(most + 1));
    return counts;
  }

  private static int[][] seen(Random random, int users, int items) {
    int[][] seen = new int[users][];
    for (int u = 0; u < users; u++) {
      double share = u % 3 == 0 ? 0 : random.nextDouble();
      seen[u] = IntStream.range(0, items).filter(i -> random.nextDouble() < share).toArray();
    }
    return seen;
  }

  @Test
  void equalsPlainLoopsAtEveryShape() {
    Random random = new Random(51);
    // Keys up to the largest: 30 of them, 70,000,000 apart.
    int keys = 30;
    for (boolean gaussian : new boolean[] {false, true}) {
      for (double density : new double[] {0, 0.05, 0.6}) {
        for (int itemCount : new int[] {1, 7, 130, 700}) {
          int userCount = 35;
          RandomRows users = RandomRows.random(random, userCount, 24, Math.min(1, 3 * density));
          RandomRows items = RandomRows.random(random, itemCount, 24, density);
          if (gaussian) {
            users = users.withGaussianWeights(random);
            items = items.withGaussianWeights(random);
          }
          int[] userCounts = counts(random, userCount, 12);
          // One user has every key, some of which no item holds.
          userCounts[2] = keys;
          int step = Integer.MAX_VALUE / keys;
          Case made =
              new Case(
                  users,
                  RandomLinks.random(random, userCounts, keys, step, gaussian),
                  items,
                  RandomLinks.random(
                      random, counts(random, itemCount, 6), keys - 2, step, gaussian),
                  seen(random, userCount, itemCount));
          String what = "gaussian=" + gaussian + " density=" + density + " items=" + itemCount;
          for (int k : new int[] {1, 20, 1000}) {
            made.check(made.index(), k, what);
          }
          made.check(made.shuffledIndex(random), 20, what + " shuffled");
        }
      }
    }
  }

  @Test
  void severalChunksGiveTheSameLists() {
    Random random = new Random(52);
    int itemCount = 2 * ItemColumns.MAX_CHUNK + 77;
    RandomRows users = RandomRows.random(random, 5, 8, 0.5).withGaussianWeights(random);
    RandomRows items = RandomRows.random(random, itemCount, 8, 0.3).withGaussianWeights(random);
    Case made =
        new Case(
            users,
            RandomLinks.random(random, new int[] {40, 0, 1, 25, 200}, 200, 1, true),
            items,
            RandomLinks.random(random, counts(random, itemCount, 3), 200, 1, true),
            seen(random, 5, itemCount));
    assertThat(made.index().columns().chunks()).isEqualTo(3);
    made.check(made.index(), 10, "chunks");
  }

  @Test
  void missingWeightsAreOnes() {
    Random random = new Random(53);
    RandomRows users = RandomRows.random(random, 9, 6, 0.4);
    RandomRows items = RandomRows.random(random, 50, 6, 0.4);
    Links userLinks = RandomLinks.random(random, counts(random, 9, 8), 20, 3, true);
    Links itemLinks = RandomLinks.random(random, counts(random, 50, 8), 20, 3, true);
    Links userKeys = new Links(userLinks.offsets(), userLinks.keys(), null);
    Links itemKeys = new Links(itemLinks.offsets(), itemLinks.keys(), null);
    int[][] seen = seen(random, 9, 50);
    for (Case made :
        List.of(
            new Case(users, userKeys, items, itemLinks, seen),
            new Case(users, userLinks, items, itemKeys, seen),
            new Case(users, userKeys, items, itemKeys, seen))) {
      made.check(made.index(), 12, "ones");
    }
  }

  @Test
  void linksOfOneSideAloneChangeNothing() {
    Random random = new Random(54);
    RandomRows users = RandomRows.random(random, 40, 6, 0.4);
    RandomRows items = RandomRows.random(random, 60, 6, 0.4);
    ItemIndex plain = ItemIndex.of(6, items.offsets, items.dims, items.weights);
    Links itemLinks = RandomLinks.random(random, counts(random, 60, 8), 20, 1, true);
    ItemIndex linked =
        new ItemIndex.Builder(6)
            .addRows(0, items.offsets, items.dims, items.weights, itemLinks)
            .build();
    Links userLinks = RandomLinks.random(random, counts(random, 40, 8), 20, 1, true);
    assertThat(plain.links()).isNull();
    for (Kernels kernels : List.of(VectorKernels.scalar(), VectorKernels.vector().orElseThrow())) {
      List<List<Entry>> wanted = lists(new Scorer(plain, 9, kernels), users.sources());
      assertThat(lists(new Scorer(linked, 9, kernels), users.sources())).isEqualTo(wanted);
      assertThat(lists(new Scorer(plain, 9, kernels), users.sources().withLinks(userLinks)))
          .isEqualTo(wanted);
    }
  }

  @Test
  void theListWorkedByHand() {
    // Items i0 = latent 1, links {4: 2}; i1 = links {4: -1, 9: .5}; i2 = latent 3; i3 = nothing.
    // User = latent .5, links {4, 9, 11}. Scores 2.5, -.5, 1.5, 0.
    ItemIndex index =
        new ItemIndex.Builder(1)
            .addRows(
                0,
                new int[] {0, 1, 1, 2, 2},
                new short[] {0, 0},
                new float[] {1, 3},
                new Links(
                    new int[] {0, 1, 3, 3, 3}, new int[] {4, 4, 9}, new float[] {2, -1, 0.5f}))
            .build();
    SourceRows user =
        SourceRows.ofRow(new short[] {0}, new float[] {0.5f})
            .withLinks(Links.ofRow(new int[] {4, 9, 11}, null));
    for (Kernels kernels : List.of(VectorKernels.scalar(), VectorKernels.vector().orElseThrow())) {
      new Scorer(index, 9, kernels)
          .recommend(
              user,
              (row, count, items, scores) -> {
                assertThat(Arrays.copyOf(items, count)).containsExactly(0, 2, 3, 1);
                assertThat(Arrays.copyOf(scores, count)).containsExactly(2.5f, 1.5f, 0f, -0.5f);
              });
    }
  }

  @Test
  void malformedLinksAreRefused() {
    assertThatThrownBy(() -> new Links(new int[] {0, 2}, new int[] {7, 7}, null))
        .hasMessageContaining("row 0 has a link of key 7 after 7");
    assertThatThrownBy(() -> new Links(new int[] {0, 0, 1}, new int[] {-3}, null))
        .hasMessageContaining("row 1 has a link of key -3")
        .hasMessageContaining("0 or more");
    assertThatThrownBy(() -> new Links(new int[] {0, 1}, new int[] {5}, new float[] {Float.NaN}))
        .hasMessageContaining("with weight NaN");
    assertThatThrownBy(() -> new Links(new int[] {0, 2, 1}, new int[] {1, 2}, null))
        .hasMessageContaining("row 1 descend");
    assertThatThrownBy(() -> new Links(new int[] {0, 2}, new int[] {1}, null))
        .hasMessageContaining("1 keys");
    assertThatThrownBy(() -> new Links(new int[] {0, 1}, new int[] {1}, new float[0]))
        .hasMessageContaining("0 weights");
    assertThatThrownBy(() -> new Links(new int[0], new int[0], null))
        .hasMessageContaining("0 offsets");
    Links two = new Links(new int[] {0, 0, 0}, new int[0], null);
    SourceRows one = SourceRows.ofRow(new short[0], new float[0]);
    assertThatThrownBy(() -> one.withLinks(two)).hasMessageContaining("links are of 2 rows");
    assertThatThrownBy(() -> one.withSeen(new int[] {0, 0, 0}, new int[0]))
        .hasMessageContaining("seen targets are of 2 rows");
    ItemIndex.Builder builder = new ItemIndex.Builder(1);
    assertThatThrownBy(() -> builder.addRows(0, new int[] {0, 0}, new short[0], new float[0], two))
        .hasMessageContaining("links are of 2 rows; needed: 1");
  }
}
