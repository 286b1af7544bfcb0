package dev.coppice.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.LocalSpark;
import dev.coppice.data.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitTest {
  @TempDir private Path dir;

  /** Users 0..39 with user+1 interactions each, times ascending with the item. */
  private static List<String> interactions() {
    List<String> lines = new ArrayList<>();
    for (int user = 0; user < 40; user++) {
      for (int item = 0; item <= user; item++) {
        lines.add(user + "," + item + "," + (1000 + 10 * item));
      }
    }
    return lines;
  }

  private Scene scene(String name, List<String> lines) throws IOException {
    List<String> all = new ArrayList<>(List.of("user,item,t"));
    all.addAll(lines);
    return new Scene(dir)
        .file("input", name + ".csv", all.toArray(String[]::new))
        .set("output", dir.resolve(name).toString())
        .set("timeCol", "t");
  }

  private static Map<String, Long> perUser(List<String> rows) {
    return rows.stream()
        .collect(Collectors.groupingBy(r -> r.split(" ", -1)[0], Collectors.counting()));
  }

  @Test
  void ratioTakesTheRightShareOfEachUserWhateverTheOrderAndPartitions() throws IOException {
    Scene scene =
        scene("one", interactions())
            .set("split", "ratio")
            .set("testRatio", "0.3")
            .set("validation", "ratio")
            .set("validationRatio", "0.25");
    CanonicalDataset data = scene.run();
    List<String> train = Scene.rows(data, data.train());
    List<String> validation = Scene.rows(data, data.validation());
    List<String> test = Scene.rows(data, data.test());
    Set<String> all = new HashSet<>(train);
    all.addAll(validation);
    all.addAll(test);
    assertThat(all).hasSize(820);
    assertThat(train.size() + validation.size() + test.size()).isEqualTo(820);
    Map<String, Long> testCounts = perUser(test);
    Map<String, Long> validationCounts = perUser(validation);
    for (int user = 0; user < 40; user++) {
      int count = user + 1;
      long wanted = Math.min(count - 1, Math.round(0.3 * count));
      long left = count - wanted;
      assertThat(testCounts.getOrDefault("" + user, 0L)).isEqualTo(wanted);
      assertThat(validationCounts.getOrDefault("" + user, 0L))
          .isEqualTo(Math.min(left - 1, Math.round(0.25 * left)));
    }

    List<String> shuffled = interactions();
    Collections.shuffle(shuffled, new Random(7));
    for (int tasks : new int[] {2, 7}) {
      LocalSpark.session().conf().set("spark.sql.files.maxPartitionBytes", "2000");
      try {
        CanonicalDataset other =
            scene("in" + tasks, shuffled)
                .tasks(tasks)
                .set("split", "ratio")
                .set("testRatio", "0.3")
                .set("validation", "ratio")
                .set("validationRatio", "0.25")
                .run();
        assertThat(Scene.rows(other, other.test())).isEqualTo(test);
        assertThat(Scene.rows(other, other.validation())).isEqualTo(validation);
        assertThat(other.manifest().fingerprint()).isEqualTo(data.manifest().fingerprint());
        assertThat(Scene.ids(other.users())).isEqualTo(Scene.ids(data.users()));
        assertThat(Scene.ids(other.items())).isEqualTo(Scene.ids(data.items()));
      } finally {
        LocalSpark.session().conf().unset("spark.sql.files.maxPartitionBytes");
      }
    }

    CanonicalDataset seeded = scene.set("seed", "43").set("output", dir + "/three").run();
    assertThat(Scene.rows(seeded, seeded.test())).isNotEqualTo(test);
    assertThat(seeded.manifest().fingerprint()).isNotEqualTo(data.manifest().fingerprint());
  }

  @Test
  void leaveLastTakesTheLatestAndLeavesOne() throws IOException {
    CanonicalDataset data =
        scene("last", interactions())
            .set("split", "leaveLast")
            .set("testLast", "2")
            .set("validation", "leaveLast")
            .run();
    Map<Integer, String> users = Scene.ids(data.users());
    for (var row : data.test().collectAsList()) {
      int last = Integer.parseInt(users.get(row.getInt(0)));
      assertThat(row.getLong(3)).isGreaterThanOrEqualTo(1000L * (1000 + 10 * (last - 1)));
    }
    Map<String, Long> counts = perUser(Scene.rows(data, data.test()));
    assertThat(counts.getOrDefault("0", 0L)).isZero();
    assertThat(counts).containsEntry("1", 1L).containsEntry("2", 2L).containsEntry("39", 2L);
    assertThat(data.manifest().rows(Part.VALIDATION)).isEqualTo(37);
  }

  @Test
  void timeCutsEverybodyAtOnce() throws IOException {
    CanonicalDataset data =
        scene("cut", interactions())
            .set("split", "time")
            .set("testTime", "1300")
            .set("validation", "time")
            .set("validationTime", "1200")
            .run();
    assertThat(data.train().where("time >= 1200000").count()).isZero();
    assertThat(data.validation().where("time < 1200000 or time >= 1300000").count()).isZero();
    assertThat(data.test().where("time < 1300000").count()).isZero();
    assertThat(data.manifest().rows(Part.TEST)).isEqualTo(55);
  }
}
