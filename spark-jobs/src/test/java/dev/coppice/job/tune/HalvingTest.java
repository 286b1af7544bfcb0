package dev.coppice.job.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.spark.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The search over a planted quality, without any training. */
class HalvingTest {
  /** Candidates are numbers; the best is this one, and the others the worse the farther away. */
  private static final int BEST = 17;

  @TempDir private Path directory;

  private static Candidate candidate(int number) {
    return new Candidate(number, "drawn", Family.LATENT, Map.of("x", String.valueOf(number)));
  }

  /** Larger models are better, and every fifth candidate cannot be trained. */
  private static Trial trained(Candidate candidate, Rung rung) {
    Map<String, String> settings =
        Map.of("x", candidate.settings().get("x"), "share", String.valueOf(rung.size()));
    if (candidate.number() % 5 == 4) {
      return Trial.failed(candidate, rung, settings, "planted", 0);
    }
    double quality = 1 - 0.01 * Math.abs(candidate.number() - BEST) - 0.1 * (1 - rung.size());
    return Trial.done(
        candidate,
        rung,
        settings,
        new Trial.Outcome(quality, 0.2, 1000L * (rung.number() + 1), Map.of()),
        0);
  }

  /** Trains on some threads. */
  private static Halving.Trainer on(TrialPool pool) {
    return (rung, candidates) -> pool.run(tasks(rung, candidates), () -> true, trial -> {});
  }

  private static Iterator<Callable<Trial>> tasks(Rung rung, Iterator<Candidate> candidates) {
    List<Callable<Trial>> tasks = new ArrayList<>();
    candidates.forEachRemaining(next -> tasks.add(() -> trained(next, rung)));
    return tasks.iterator();
  }

  private static List<Trial> search(int trials, int parallel) throws Exception {
    try (TrialPool pool = new TrialPool(parallel)) {
      return Halving.of(trials).search(number -> Optional.of(candidate(number)), on(pool));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "2, 2",
    "3, 3",
    "4, 3 1",
    "12, 9 3",
    "13, 9 3 1",
    "20, 14 4 2",
    "40, 28 9 3",
    "42, 29 9 4",
    "400, 278 92 30"
  })
  void widthsUseAllTrials(int trials, String widths) {
    List<Rung> rungs = Halving.of(trials).rungs();
    assertThat(rungs.stream().map(rung -> String.valueOf(rung.width())).toList())
        .containsExactly(widths.split(" "));
    assertThat(rungs.stream().mapToInt(Rung::width).sum()).isEqualTo(trials);
    assertThat(rungs.get(rungs.size() - 1).size()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 13, 31, 40, 41, 100, 999, 10_000})
  void noLimitIsExceeded(int trials) {
    List<Rung> rungs = Halving.of(trials).rungs();
    assertThat(rungs.stream().mapToInt(Rung::width).sum()).isLessThanOrEqualTo(trials);
    for (int r = 1; r < rungs.size(); r++) {
      assertThat(rungs.get(r).width()).isBetween(1, rungs.get(r - 1).width());
      assertThat(rungs.get(r).size()).isGreaterThan(rungs.get(r - 1).size());
    }
  }

  @Test
  void sweepsGrowFromRungToRung() {
    List<Rung> rungs = Halving.of(40).rungs();
    assertThat(rungs.stream().map(rung -> rung.sweeps(10))).containsExactly(3, 5, 10);
    assertThat(rungs.stream().map(rung -> rung.sweeps(2))).containsExactly(2, 2, 2);
    assertThat(rungs.stream().map(Rung::inWords))
        .containsExactly("50 % of the size", "71 % of the size", "full size");
  }

  @Test
  void theBestOfEachRungGoOn() throws Exception {
    List<Trial> trials = search(40, 1);
    assertThat(trials).hasSize(40);
    assertThat(trials.stream().filter(trial -> trial.rung() == 0).map(Trial::candidate))
        .containsExactlyElementsOf(IntStream.range(0, 28).boxed().toList());
    // 14 and 19 fail; of equally good ones the first in the list goes on.
    assertThat(trials.stream().filter(trial -> trial.rung() == 1).map(Trial::candidate))
        .containsExactly(12, 13, 15, 16, 17, 18, 20, 21, 22);
    assertThat(trials.stream().filter(trial -> trial.rung() == 2).map(Trial::candidate))
        .containsExactly(16, 17, 18);
    assertThat(trials.stream().min(Trial.BEST_FIRST).orElseThrow().candidate()).isEqualTo(BEST);
    assertThat(trials.stream().filter(trial -> trial.outcome().isEmpty()).count()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8})
  void theSameTrialsHoweverManyAtATime(int parallel) throws Exception {
    assertThat(search(40, parallel)).isEqualTo(search(40, 1));
  }

  @Test
  void aShortListIsUsedUp() throws Exception {
    try (TrialPool pool = new TrialPool(2)) {
      List<Trial> trials =
          Halving.of(40)
              .search(
                  number -> number < 3 ? Optional.of(candidate(number)) : Optional.empty(),
                  on(pool));
      assertThat(trials.stream().map(Trial::rung)).containsExactly(0, 0, 0, 1, 1, 1, 2, 2, 2);
    }
  }

  @Test
  void whereAllFailTheSearchEnds() throws Exception {
    List<Trial> trials =
        Halving.of(13)
            .search(
                number -> Optional.of(candidate(number)),
                (rung, candidates) -> {
                  List<Trial> failed = new ArrayList<>();
                  candidates.forEachRemaining(
                      next -> failed.add(Trial.failed(next, rung, Map.of(), "planted", 0)));
                  return failed;
                });
    assertThat(trials).hasSize(9).allMatch(trial -> trial.outcome().isEmpty());
  }

  @Test
  void aLimitOfTimeAloneLeavesAThirdToEachRung() throws Exception {
    List<Integer> asked = new ArrayList<>();
    List<Trial> trials =
        Halving.of(Integer.MAX_VALUE)
            .search(
                number -> Optional.of(candidate(number)),
                (rung, candidates) -> {
                  List<Trial> some = new ArrayList<>();
                  while (candidates.hasNext() && some.size() < 20) {
                    some.add(trained(candidates.next(), rung));
                  }
                  asked.add(some.size());
                  return some;
                });
    // 4 of 20 fail; a third of the other 16 goes on, and a third of these.
    assertThat(asked).containsExactly(20, 5, 1);
    assertThat(trials.get(trials.size() - 1).candidate()).isEqualTo(BEST);
  }

  /** Ends the process in effect: what was kept before is all that is left. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Searches with a journal; dies before the trial of a number is kept. */
  private List<Trial> journalled(boolean resume, int killedAt, List<String> trainedHere)
      throws Exception {
    TrialJournal journal =
        TrialJournal.open(
            new Configuration(false), directory.resolve("out").toString(), "owner", resume);
    int[] kept = {0};
    return Halving.of(13)
        .search(
            number -> Optional.of(candidate(number)),
            (rung, candidates) -> {
              List<Trial> trials = new ArrayList<>();
              while (candidates.hasNext()) {
                Candidate next = candidates.next();
                Optional<Trial> before = journal.find(next, rung, trained(next, rung).settings());
                if (before.isEmpty()) {
                  if (kept[0] == killedAt) {
                    throw new Killed();
                  }
                  trainedHere.add(rung.number() + "/" + next.number());
                  journal.keep(trained(next, rung));
                  kept[0]++;
                }
                trials.add(before.orElseGet(() -> trained(next, rung)));
              }
              return trials;
            });
  }

  @Test
  void aSearchThatWasKilledAnywhereGoesOnToTheSameTrials() throws Exception {
    List<String> whole = new ArrayList<>();
    List<Trial> uninterrupted = journalled(false, Integer.MAX_VALUE, whole);
    assertThat(whole).hasSize(13);
    for (int killedAt = 0; killedAt < 13; killedAt++) {
      int at = killedAt;
      List<String> trainedHere = new ArrayList<>();
      assertThatThrownBy(() -> journalled(false, at, trainedHere)).isInstanceOf(Killed.class);
      assertThat(journalled(true, Integer.MAX_VALUE, trainedHere)).isEqualTo(uninterrupted);
      assertThat(trainedHere).as("killed at %s", at).isEqualTo(whole);
    }
  }

  @Test
  void aSearchThatIsKilledAgainAndAgainArrives() throws Exception {
    List<Trial> uninterrupted = journalled(false, Integer.MAX_VALUE, new ArrayList<>());
    List<String> trainedHere = new ArrayList<>();
    assertThatThrownBy(() -> journalled(false, 1, trainedHere)).isInstanceOf(Killed.class);
    for (int life = 1; life < 12; life++) {
      assertThatThrownBy(() -> journalled(true, 1, trainedHere)).isInstanceOf(Killed.class);
    }
    assertThat(journalled(true, 1, trainedHere)).isEqualTo(uninterrupted);
    assertThat(new TreeSet<>(trainedHere)).hasSize(13).hasSameSizeAs(trainedHere);
  }

  @Test
  void trialsOfOthersAreNotUsed() throws IOException {
    Rung rung = Halving.of(1).rungs().get(0);
    Candidate one = candidate(1);
    Trial trial = trained(one, rung);
    String output = directory.resolve("out").toString();
    Configuration files = new Configuration(false);
    TrialJournal.open(files, output, "mine", false).keep(trial);

    TrialJournal mine = TrialJournal.open(files, output, "mine", true);
    assertThat(mine.find(one, rung, trial.settings())).contains(trial);
    assertThat(mine.find(one, rung, Map.of("x", "2"))).isEmpty();
    assertThat(mine.find(candidate(2), rung, trial.settings())).isEmpty();
    TrialJournal other = TrialJournal.open(files, output, "other", true);
    assertThat(other.find(one, rung, trial.settings())).isEmpty();
    assertThat(other.size()).isZero();
    assertThat(other.others()).isEqualTo(1);
    TrialJournal fresh = TrialJournal.open(files, output, "mine", false);
    assertThat(fresh.find(one, rung, trial.settings())).isEmpty();
    assertThat(directory.resolve(".out.trials")).doesNotExist();
  }

  @Test
  void damagedFilesAreNotUsed() throws IOException {
    Files.createDirectory(directory.resolve(".out.trials"));
    for (String text : List.of("", "{", "[]", "{\"owner\": \"mine\"}", "null")) {
      Files.writeString(directory.resolve(".out.trials/rung-0-candidate-00001.json"), text);
      TrialJournal journal =
          TrialJournal.open(
              new Configuration(false), directory.resolve("out").toString(), "mine", true);
      assertThat(journal.size()).as(text).isZero();
      assertThat(journal.others()).isEqualTo(1);
    }
  }

  /** The first two wait for each other, so that both run when the second throws. */
  private static List<Callable<Trial>> secondThrows(CountDownLatch both) {
    List<Callable<Trial>> tasks = new ArrayList<>();
    for (int number = 0; number < 6; number++) {
      Candidate next = candidate(number);
      tasks.add(
          () -> {
            both.countDown();
            both.await();
            if (next.number() == 1) {
              throw new IOException("planted");
            }
            return trained(next, Halving.of(1).rungs().get(0));
          });
    }
    return tasks;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void whatATrialThrowsEndsTheRunAfterTheOthers(int parallel) {
    List<Integer> told = new ArrayList<>();
    List<Callable<Trial>> tasks = secondThrows(new CountDownLatch(parallel));
    try (TrialPool pool = new TrialPool(parallel)) {
      assertThatThrownBy(
              () -> pool.run(tasks.iterator(), () -> true, trial -> told.add(trial.candidate())))
          .isInstanceOf(IOException.class)
          .hasMessage("planted");
    }
    assertThat(told).startsWith(0).doesNotContain(1);
    if (parallel == 1) {
      assertThat(told).containsExactly(0);
    }
  }

  @Test
  void noTrialBeginsWhenTimeIsUp() throws Exception {
    Rung rung = Halving.of(1).rungs().get(0);
    int[] asked = {0};
    try (TrialPool pool = new TrialPool(1)) {
      List<Trial> ended =
          pool.run(
              tasks(rung, IntStream.range(0, 9).mapToObj(HalvingTest::candidate).iterator()),
              () -> asked[0]++ < 3,
              trial -> {});
      assertThat(ended).hasSize(3);
    }
  }
}
