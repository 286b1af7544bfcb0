package dev.coppice.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.data.CanonicalDataset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoreTest {
  @TempDir private Path dir;

  private static List<String> naiveCore(List<String> pairs, int minUser, int minItem) {
    List<String> current = pairs;
    while (true) {
      Map<String, Long> users = degrees(current, 0);
      Map<String, Long> items = degrees(current, 1);
      List<String> next =
          current.stream()
              .filter(
                  pair ->
                      users.get(pair.split(",", -1)[0]) >= minUser
                          && items.get(pair.split(",", -1)[1]) >= minItem)
              .toList();
      if (next.size() == current.size()) {
        return current;
      }
      current = next;
    }
  }

  private static Map<String, Long> degrees(List<String> pairs, int side) {
    return pairs.stream()
        .collect(Collectors.groupingBy(pair -> pair.split(",", -1)[side], Collectors.counting()));
  }

  @Test
  void findsTheFixedPoint() throws IOException {
    Random random = new Random(11);
    TreeSet<String> pairs = new TreeSet<>();
    for (int i = 0; i < 260; i++) {
      pairs.add("u" + random.nextInt(60) + ",i" + (int) Math.abs(random.nextGaussian() * 25));
    }
    // A chain that unravels one link per round.
    for (int link = 0; link < 6; link++) {
      pairs.add("c" + link + ",d" + link);
      pairs.add("c" + link + ",d" + (link + 1));
    }
    List<String> expected = naiveCore(List.copyOf(pairs), 3, 2);
    assertThat(expected).isNotEmpty().hasSizeLessThan(pairs.size() - 30);
    CanonicalDataset data =
        new Scene(dir)
            .file(
                "input",
                "in.csv",
                Stream.concat(Stream.of("user,item"), pairs.stream()).toArray(String[]::new))
            .set("minUserInteractions", "3")
            .set("minItemInteractions", "2")
            .tasks(3)
            .run();
    assertThat(Scene.rows(data, data.train()))
        .containsExactlyInAnyOrderElementsOf(
            expected.stream().map(pair -> pair.replace(',', ' ') + " 1.0").toList());
    // Indices are dense and in the order of the ids.
    TreeSet<String> users = new TreeSet<>(degrees(expected, 0).keySet());
    assertThat(Scene.ids(data.users()).values()).containsExactlyElementsOf(users);
    assertThat(Scene.ids(data.users()).keySet()).first().isEqualTo(0);
    assertThat(Scene.ids(data.users()).keySet()).last().isEqualTo(users.size() - 1);
    assertThat(data.manifest().items()).isEqualTo(degrees(expected, 1).size());
  }

  @Test
  void numbersMembersOfASet() {
    for (int size : new int[] {1, 63, 64, 65, 200}) {
      Random random = new Random(size);
      IndexSet set = new IndexSet(size);
      int end = random.nextInt(size);
      TreeSet<Integer> members = new TreeSet<>();
      for (int index = 0; index < size; index++) {
        if (index < end || random.nextBoolean()) {
          members.add(index);
        }
        if (members.contains(index) && index >= end) {
          set.add(index);
        }
      }
      IndexSet numbered = set.numberedWithAllBelow(end);
      assertThat(numbered.count()).isEqualTo(members.size());
      for (int index = 0; index < size; index++) {
        assertThat(numbered.contains(index)).isEqualTo(members.contains(index));
        assertThat(numbered.rank(index)).isEqualTo(members.headSet(index).size());
      }
    }
  }
}
