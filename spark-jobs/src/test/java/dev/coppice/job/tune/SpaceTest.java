package dev.coppice.job.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.UsageException;
import dev.coppice.core.table.Budget;
import dev.coppice.core.table.ByteAccount;
import dev.coppice.job.train.ModelTraining;
import dev.coppice.spark.AlsKeys;
import dev.coppice.spark.Family;
import dev.coppice.spark.LatentKeys;
import dev.coppice.spark.NeighbourKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SpaceTest {
  private static final long USERS = 943;
  private static final long ITEMS = 1682;

  private static ConfigValues values(String... settings) {
    Map<String, String> all = new HashMap<>(Map.of("input", "in", "output", "out"));
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      all.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return TuneKeys.schema().resolve(all);
  }

  private static Space space(String... settings) {
    return new Space(values(settings), USERS, ITEMS);
  }

  private static List<Candidate> list(Space space, int length) {
    List<Candidate> list = new ArrayList<>();
    for (int n = 0; n < length && space.candidate(n).isPresent(); n++) {
      list.add(space.candidate(n).orElseThrow());
    }
    return list;
  }

  @Test
  void beginsWithDefaultsAndRulesOfThumb() {
    List<Candidate> list = list(space(), 7);
    assertThat(list.subList(0, 3).stream().map(Candidate::family))
        .containsExactly(Family.LATENT, Family.HYBRID, Family.ITEMS);
    assertThat(list.subList(0, 3))
        .allMatch(
            candidate ->
                candidate.origin().equals(Space.DEFAULTS) && candidate.settings().isEmpty());
    assertThat(list.get(3).settings()).isEqualTo(Map.of("itemDebias", "0.0"));
    assertThat(list.get(6).origin()).isEqualTo("drawn");
    assertThat(space().settings(list.get(0), Halving.of(1).rungs().get(0)))
        .containsEntry("family", "latent")
        .containsEntry("unobservedWeight", "auto");
  }

  @Test
  void candidatesDifferAndCanAllBeTrained() {
    Space space = space();
    List<Rung> rungs = Halving.of(40).rungs();
    Set<String> seen = new HashSet<>();
    List<Candidate> list = list(space, 200);
    assertThat(list).hasSize(200);
    for (Candidate candidate : list) {
      assertThat(seen.add(candidate.family() + " " + candidate.settings())).isTrue();
      for (Rung rung : rungs) {
        ConfigValues settings = space.resolved(space.settings(candidate, rung));
        if (candidate.family().hasRows()) {
          ModelTraining.estimator(settings).validate();
          Budget.of(settings.get(LatentKeys.DENSITY), settings.get(LatentKeys.RANK), USERS);
        }
        assertThat(settings.get(NeighbourKeys.FAMILY)).isEqualTo(candidate.family().word());
      }
    }
    for (Dimension dimension : space.dimensions()) {
      Set<String> tried = new TreeSet<>();
      list.forEach(
          candidate -> tried.add(candidate.settings().getOrDefault(dimension.key().name(), "")));
      tried.remove("");
      if (dimension.choices().isEmpty()) {
        assertThat(tried).as(dimension.key().name()).hasSizeGreaterThan(50);
      } else {
        assertThat(tried).isEqualTo(new TreeSet<>(dimension.choices()));
      }
    }
  }

  @Test
  void drawnNumbersFillTheirRangeEvenly() {
    int[] quarters = new int[4];
    int drawn = 0;
    for (Candidate candidate : list(space(), 206)) {
      if (candidate.origin().equals("drawn") && candidate.family().hasRows()) {
        double at = Double.parseDouble(candidate.settings().get("regParam"));
        assertThat(at).isBetween(0.001, 0.1);
        quarters[(int) Math.min(3, 2 * (Math.log10(at) + 3))]++;
        drawn++;
      }
    }
    assertThat(drawn).isBetween(140, 160);
    for (int quarter : quarters) {
      assertThat(quarter).isBetween(drawn / 4 - 8, drawn / 4 + 8);
    }
  }

  @Test
  void theSeedSaysWhatIsDrawn() {
    assertThat(list(space("seed=7"), 30)).isEqualTo(list(space("seed=7"), 30));
    assertThat(list(space("seed=8"), 30).subList(6, 30))
        .doesNotContainAnyElementsOf(list(space("seed=7"), 30).subList(6, 30));
  }

  @Test
  void whatIsGivenIsFixed() {
    Space space = space("rank=32", "regParam=0.02", "neighbours=20");
    assertThat(space.dimensions().stream().map(dimension -> dimension.key().name()))
        .contains("userDebias", "density")
        .doesNotContain("rank", "regParam", "neighbours");
    for (Candidate candidate : list(space, 60)) {
      for (Rung rung : Halving.of(40).rungs()) {
        ConfigValues settings = space.resolved(space.settings(candidate, rung));
        assertThat(settings.get(LatentKeys.RANK)).isEqualTo(32);
        assertThat(settings.get(LatentKeys.REG_PARAM)).isEqualTo(0.02);
        assertThat(settings.get(NeighbourKeys.NEIGHBOURS)).isEqualTo(20);
      }
    }
    assertThat(list(space("family=latent"), 40))
        .allMatch(candidate -> candidate.family() == Family.LATENT);
    assertThat(list(space("alpha=40"), 40))
        .noneMatch(candidate -> candidate.settings().containsKey("unobservedWeight"));
    assertThat(list(space("implicitPrefs=false"), 40))
        .allMatch(candidate -> candidate.family() == Family.LATENT)
        .noneMatch(candidate -> candidate.settings().containsKey("unobservedWeight"));
  }

  @Test
  void aSmallFixedRankGetsADensityThatItCanHave() {
    Space space = space("rank=8");
    ConfigValues settings =
        space.resolved(
            space.settings(space.candidate(0).orElseThrow(), Halving.of(1).rungs().get(0)));
    assertThat(settings.get(LatentKeys.DENSITY)).isEqualTo(1);
    assertThat(list(space("density=0.01"), 40))
        .isNotEmpty()
        .allMatch(
            candidate ->
                !candidate.family().hasRows()
                    || Integer.parseInt(candidate.settings().getOrDefault("rank", "256")) > 100);
  }

  @Test
  void whereRowsAreToBeNonnegativeEveryModelHasRows() {
    assertThat(list(space("nonnegative=true"), 40))
        .isNotEmpty()
        .allMatch(candidate -> candidate.family().hasRows());
  }

  @Test
  void whereAllIsFixedThereIsOneCandidateOfAKind() {
    Space space =
        space(
            "unobservedWeight=0.1",
            "userDebias=0",
            "itemDebias=0",
            "regParam=0.01",
            "itemBias=false",
            "rank=64",
            "density=0.2",
            "family=latent");
    assertThat(list(space, 10)).hasSize(1);
    assertThat(space.dimensions()).isEmpty();
  }

  @Test
  void modelsAreSmallAndSweepsFewAtFirst() {
    Space space = space();
    List<Rung> rungs = Halving.of(40).rungs();
    Candidate hybrid = space.candidate(1).orElseThrow();
    assertThat(space.settings(hybrid, rungs.get(0)))
        .containsEntry("rank", "128")
        .containsEntry("density", "0.05")
        .containsEntry("neighbours", "25.0")
        .containsEntry("maxIter", "3");
    assertThat(space.settings(hybrid, rungs.get(2)))
        .containsEntry("rank", "256")
        .containsEntry("neighbours", "50.0")
        .containsEntry("maxIter", "10");
    // A rank that is fixed stays; the density makes the model small.
    assertThat(
            space("rank=256", "maxIter=4").settings(space.candidate(0).orElseThrow(), rungs.get(0)))
        .containsEntry("density", "0.025")
        .doesNotContainKeys("rank", "maxIter");
  }

  @Test
  void noCandidateIsAboveTheLimitOfBytes() {
    long limit = 150_000;
    Space space = space("maxBytes=" + limit);
    List<Candidate> list = list(space, 60);
    assertThat(list).hasSize(60);
    Rung full = Halving.of(1).rungs().get(0);
    int close = 0;
    for (Candidate candidate : list) {
      ConfigValues settings = space.resolved(space.settings(candidate, full));
      long bytes = 0;
      if (candidate.family().hasRows()) {
        for (long rows : new long[] {USERS, ITEMS}) {
          long weights =
              Budget.of(settings.get(LatentKeys.DENSITY), settings.get(LatentKeys.RANK), rows)
                  .weights();
          bytes += ByteAccount.of(rows, weights).tableBytes();
        }
      }
      if (candidate.family().hasNeighbours()) {
        bytes += 4 * ITEMS + 4 * (long) (settings.get(NeighbourKeys.NEIGHBOURS) * ITEMS);
      }
      assertThat(bytes).isBetween(1L, limit);
      close += bytes > 0.9 * limit ? 1 : 0;
    }
    assertThat(close).isGreaterThan(30);
    assertThat(space("maxBytes=5000").candidate(0)).isEmpty();
  }

  @Test
  void settingsThatDoNotFitTogetherAreRefusedBeforeSparkStarts() {
    new TuneJob().check(values());
    new TuneJob().check(values("rank=8"));
    assertThatThrownBy(
            () -> new TuneJob().check(values("rank=8", "density=0.5", "minWeightsPerRow=6")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("minWeightsPerRow");
    assertThatThrownBy(() -> new TuneJob().check(values("implicitPrefs=false", "alpha=3")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("alpha");
    assertThatThrownBy(() -> values("trials=0"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("trials = \"0\" is not allowed");
  }

  @Test
  void timeAloneIsNoLimitOfTrials() {
    assertThat(TuneKeys.mostTrials(values())).isEqualTo(40);
    assertThat(TuneKeys.mostTrials(values("timeLimit=5"))).isEqualTo(Integer.MAX_VALUE);
    assertThat(TuneKeys.mostTrials(values("timeLimit=5", "trials=40"))).isEqualTo(40);
  }

  @Test
  void everySearchedSettingIsOneOfTrain() {
    for (Dimension dimension : space().dimensions()) {
      assertThat(TuneKeys.fixable().key(dimension.key().name())).containsSame(dimension.key());
    }
    assertThat(TuneKeys.schema().names())
        .contains(AlsKeys.METRIC.name(), "trials", "maxBytes")
        .doesNotContain("refit", "checkpointInterval", "initialModel", "model");
  }
}
