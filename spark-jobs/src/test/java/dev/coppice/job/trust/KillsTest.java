package dev.coppice.job.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.files.FaultyStore;
import dev.coppice.job.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sample of what {@code bench/bin/kills} tries in full. */
class KillsTest {
  @TempDir private static Path directory;
  private static World world;

  @BeforeAll
  static void prepare() throws Exception {
    world = new World(directory, "posix", Set.of("export", "recommend"));
  }

  @AfterEach
  void heal() {
    FaultyStore.heal();
  }

  @ParameterizedTest
  @CsvSource({
    "prepare, DEATH, 2",
    "prepare, FULL_DISK, 1",
    "export, DEATH, 3",
    "export, FULL_DISK, 1",
    "recommend, FULL_DISK, 1"
  })
  void aJobThatIsEndedAnywhereEndsTheSameWhenItIsRunAgain(String job, KillSweep.End end, int points)
      throws Exception {
    KillSweep.Outcome outcome = new KillSweep(world).sweep(Deed.of(job), points, end);
    assertThat(outcome.faults()).isEmpty();
    assertThat(outcome.deaths()).isEqualTo(points);
    assertThat(outcome.changes()).isGreaterThanOrEqualTo(points);
  }

  /** That the comparison sees what it is for. */
  @Test
  void anythingLeftOverMissingOrChangedIsSeen() throws Exception {
    world.reset();
    Map<String, String> before = Trees.of(world.place());
    Files.writeString(world.place().resolve("raw.csv"), "user,item\n1,2\n");
    Files.writeString(world.place().resolve(".more.tmp"), "");
    Files.delete(world.place().resolve("more.csv"));
    assertThat(Trees.difference(before, Trees.of(world.place())))
        .isEqualTo(" missing more.csv other bytes in raw.csv left over .more.tmp");
  }

  @Test
  void oneOfTwoRunsAtOnceWritesAndTheOtherSaysWhy() throws Exception {
    Deed prepare = Deed.of("prepare");
    world.reset();
    assertThat(world.run(prepare).code()).isZero();
    Map<String, String> wanted = Trees.of(world.place());
    world.reset();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<Command.Result>> both =
          Stream.generate(() -> threads.submit(() -> world.run(prepare))).limit(2).toList();
      List<Command.Result> results = List.of(both.get(0).get(), both.get(1).get());
      assertThat(results.stream().map(Command.Result::code)).contains(0).isSubsetOf(0, 5);
      assertThat(results)
          .filteredOn(result -> result.code() == 5)
          .allMatch(result -> result.err().contains("another run writes to"));
    } finally {
      threads.shutdown();
    }
    assertThat(Trees.difference(wanted, Trees.of(world.place()))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"CONFIGURATION, 8", "SERVING_FILE, 60"})
  void damagedFilesEndInErrorsThatNameThem(Fuzz.Kind kind, int times) throws Exception {
    Fuzz.Outcome outcome = new Fuzz(world).run(kind, times);
    assertThat(outcome.faults()).isEmpty();
    assertThat(outcome.outcomes().keySet()).isSubsetOf(0, 2, 3).isNotEqualTo(Set.of(0));
  }
}
