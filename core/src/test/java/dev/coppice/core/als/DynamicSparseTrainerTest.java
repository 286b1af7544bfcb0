package dev.coppice.core.als;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.als.AlsObjective.Feedback;
import dev.coppice.core.als.DynamicSparseTrainer.Outcome;
import dev.coppice.core.mask.UpdateSchedule;
import dev.coppice.core.table.SparseTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DynamicSparseTrainerTest {
  private static final PlantedData SMALL = PlantedData.of(41, 29, 3, 0.5, 0.05, 2);
  private static final PlantedData PLANTED = PlantedData.of(240, 120, 4, 0.35, 0.02, 6);
  private static final AlsObjective IMPLICIT = AlsObjective.implicit(0.1, 0.01, 0.5, 0.4, 0.3);

  private static TrainerSettings settings(int sweeps, double ratio) {
    return new TrainerSettings(sweeps, ratio, UpdateSchedule.COSINE, 1, 0, "recall");
  }

  private static Outcome train(LocalEngine engine, TrainerSettings settings) {
    return train(engine, settings, record -> {});
  }

  private static Outcome train(
      LocalEngine engine, TrainerSettings settings, Consumer<SweepRecord> listener) {
    return new DynamicSparseTrainer(settings, engine, listener).train(TrainerState.FRESH);
  }

  private static AlsObjective objective(Feedback feedback) {
    return new AlsObjective(feedback, 0.1, 1.5, 0.05, 0.5, 0.4, 0.3, false);
  }

  @ParameterizedTest
  @CsvSource({"0.3, IMPLICIT", "0.3, EXPLICIT", "1, IMPLICIT", "1, EXPLICIT", "1, CONFIDENCE"})
  void theLossFallsFromSweepToSweepWithoutExploration(double density, Feedback feedback) {
    AlsObjective objective = objective(feedback);
    LocalEngine engine =
        new LocalEngine(SMALL.blocks(objective, true, 3), objective, 10, density, 1, 5);
    List<SweepRecord> sweeps = train(engine, settings(12, 0)).sweeps();
    assertThat(sweeps).hasSize(12);
    for (int s = 1; s < sweeps.size(); s++) {
      // Weights are rounded to floats after each solve.
      assertThat(sweeps.get(s).loss()).isLessThan(sweeps.get(s - 1).loss() * (1 + 1e-6));
      assertThat(sweeps.get(s).userMoved() + sweeps.get(s).itemMoved()).isZero();
      assertThat(sweeps.get(s).updateRatio()).isZero();
    }
    assertThat(sweeps.get(11).loss()).isLessThan(sweeps.get(0).loss());
  }

  @ParameterizedTest
  @EnumSource
  void theReportedLossIsTheObjectiveOverAllPairs(Feedback feedback) {
    AlsObjective objective = objective(feedback);
    for (boolean weighted : new boolean[] {true, false}) {
      // MLlib's form has no popularity factors of its own: none in the naive one either.
      AlsObjective plain =
          feedback == Feedback.CONFIDENCE ? Objectives.confidence(1.5, 0.05, 0.5) : objective;
      LocalEngine engine = new LocalEngine(SMALL.blocks(plain, weighted, 3), plain, 16, 0.3, 1, 5);
      NaiveModel naive = new NaiveModel(SMALL, plain, weighted);
      int[] checked = new int[1];
      train(
          engine,
          settings(4, 0.5),
          record -> {
            double expected =
                naive.loss(
                    NaiveModel.rows(engine, Side.USERS),
                    NaiveModel.rows(engine, Side.ITEMS, engine.solvedItems()));
            assertThat(record.loss()).isCloseTo(expected, within(1e-5 * expected));
            checked[0]++;
          });
      assertThat(checked[0]).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @EnumSource
  void allPositionsStoredIsDenseAls(Feedback feedback) {
    int rank = 6;
    AlsObjective objective = objective(feedback);
    if (feedback == Feedback.CONFIDENCE) {
      objective = Objectives.confidence(1.5, 0.05, 0.5);
    }
    LocalEngine engine =
        new LocalEngine(SMALL.blocks(objective, true, 4), objective, rank, 1, 1, 5);
    NaiveModel naive = new NaiveModel(SMALL, objective, true);
    double[][] users = null;
    double[][] items = NaiveModel.rows(engine, Side.ITEMS);
    for (int sweep = 0; sweep < 4; sweep++) {
      users = naive.solve(true, rank, items);
      items = naive.solve(false, rank, users);
    }
    Outcome outcome = train(engine, settings(4, 0.5));
    // Nowhere to grow: the exploration that was asked for moves nothing.
    assertThat(outcome.sweeps()).allMatch(s -> s.userMoved() == 0 && s.itemMoved() == 0);
    assertClose(NaiveModel.rows(engine, Side.USERS), users);
    assertClose(NaiveModel.rows(engine, Side.ITEMS), items);
    double loss = naive.loss(users, items);
    assertThat(outcome.sweeps().get(3).loss()).isCloseTo(loss, within(1e-5 * loss));
  }

  private static void assertClose(double[][] actual, double[][] expected) {
    for (int row = 0; row < expected.length; row++) {
      for (int j = 0; j < expected[row].length; j++) {
        assertThat(actual[row][j]).isCloseTo(expected[row][j], within(2e-4));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0.2, 0.5, 1, 1", "0.05, 1, 1, 1", "0.31, 0.9, 0, 2", "0.9, 1, 3, 1"})
  void theBudgetIsMetToTheWeightAfterEveryExploration(
      double density, double ratio, int minWeights, int interval) {
    int rank = 40;
    LocalEngine engine =
        new LocalEngine(SMALL.blocks(IMPLICIT, false, 3), IMPLICIT, rank, density, minWeights, 5);
    TrainerSettings settings =
        new TrainerSettings(5, ratio, UpdateSchedule.COSINE, interval, 0, "recall");
    List<SweepRecord> sweeps =
        train(
                engine,
                settings,
                record -> {
                  for (Side side : Side.values()) {
                    long stored = 0;
                    for (SparseTable table : engine.tables(side)) {
                      table.validate();
                      stored += table.stored();
                    }
                    long rows = side == Side.USERS ? 41 : 29;
                    assertThat(stored)
                        .isEqualTo(engine.budget(side).weights())
                        .isEqualTo((long) Math.floor(density * rank * rows + 1e-9));
                  }
                })
            .sweeps();
    for (SweepRecord record : sweeps) {
      boolean explores = record.sweep() < 5 && record.sweep() % interval == 0;
      assertThat(record.updateRatio() > 0).isEqualTo(explores);
      long asked = (long) Math.floor(record.updateRatio() * engine.budget(Side.USERS).weights());
      assertThat(record.userMoved()).isLessThanOrEqualTo(asked);
      assertThat(record.userMoved() > 0).isEqualTo(asked > 0 && minWeights < density * rank);
      assertThat(record.userExplorationBytes()).isGreaterThanOrEqualTo(24 * record.userMoved());
    }
  }

  @Test
  void doesNotDependOnTheNumberOfThreads() throws Exception {
    List<LocalEngine> engines = new ArrayList<>();
    for (int threads : new int[] {1, 2, 5}) {
      LocalEngine engine =
          new LocalEngine(PLANTED.blocks(IMPLICIT, false, 7), IMPLICIT, 32, 0.2, 1, 5);
      ForkJoinPool pool = new ForkJoinPool(threads);
      try {
        Outcome outcome = pool.submit(() -> train(engine, settings(4, 0.5))).get();
        assertThat(outcome.sweeps()).hasSize(4);
      } finally {
        pool.shutdown();
      }
      engines.add(engine);
    }
    for (LocalEngine engine : engines.subList(1, engines.size())) {
      for (Side side : Side.values()) {
        for (int b = 0; b < 7; b++) {
          SparseTable expected = engines.get(0).tables(side)[b];
          SparseTable actual = engine.tables(side)[b];
          assertThat(actual.rowOffsets()).isEqualTo(expected.rowOffsets());
          assertThat(actual.dims()).isEqualTo(expected.dims());
          assertThat(actual.weights()).isEqualTo(expected.weights());
        }
      }
    }
  }

  @Test
  void stopsWhenTheMetricHasNotRisenAndKeepsTheBestSweep() {
    double[] metrics = {0.1, 0.3, 0.3, 0.2, 0.9, 0.9};
    LocalEngine engine = small();
    List<float[]> weights = new ArrayList<>();
    engine.withValidation(
        () -> {
          weights.add(engine.tables(Side.USERS)[0].weights());
          return Optional.of(Map.of("recall", metrics[weights.size() - 1], "other", 1.0));
        });
    Outcome outcome =
        train(engine, new TrainerSettings(6, 0.5, UpdateSchedule.COSINE, 1, 2, "recall"));
    assertThat(outcome.sweeps()).hasSize(4);
    assertThat(outcome.bestSweep()).isEqualTo(2);
    assertThat(engine.best(Side.USERS)[0].weights()).isSameAs(weights.get(1));
    assertThat(outcome.sweeps().get(1).metrics()).containsEntry("recall", 0.3);
  }

  /** The metric rises, falls and ends the run by patience; a checkpoint may lie at any sweep. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void goesOnFromAnySweepToTheSameEnd(int interrupted) {
    double[] metrics = {0.1, 0.3, Double.NaN, 0.2, 0.9, 0.9};
    TrainerSettings settings = new TrainerSettings(6, 0.5, UpdateSchedule.COSINE, 1, 2, "recall");
    Outcome whole = train(measured(metrics), settings);
    LocalEngine engine = measured(metrics);
    List<TrainerState> states = new ArrayList<>();
    engine.withKeeper(
        state -> {
          states.add(state);
          if (state.sweep() == interrupted) {
            throw new IllegalStateException("interrupted");
          }
        });
    assertThatThrownBy(() -> train(engine, settings)).hasMessage("interrupted");
    engine.withKeeper(state -> {});
    TrainerState state = states.get(interrupted - 1);
    Outcome rest = new DynamicSparseTrainer(settings, engine, sweep -> {}).train(state);
    assertThat(rest.bestSweep()).isEqualTo(whole.bestSweep()).isEqualTo(2);
    assertThat(untimed(rest)).isEqualTo(untimed(whole));
  }

  private static List<String> untimed(Outcome outcome) {
    return outcome.sweeps().stream()
        .map(sweep -> sweep.toString().replaceFirst("seconds=[^,]*", ""))
        .toList();
  }

  private static LocalEngine measured(double[] metrics) {
    int[] asked = new int[1];
    return small().withValidation(() -> Optional.of(Map.of("recall", metrics[asked[0]++])));
  }

  @Test
  void aStateMustFitItsSweeps() {
    SweepRecord second = new SweepRecord(2, 0, 0, 0, 0, 0, 0, 0, Map.of());
    assertThatThrownBy(() -> new TrainerState(List.of(second), 1))
        .hasMessage("sweep 2 stands where sweep 1 should");
    assertThatThrownBy(() -> new TrainerState(List.of(), 1))
        .hasMessage("bestSweep is 1 of 0 sweeps");
  }

  @Test
  void withoutPatienceAllSweepsRunAndTheBestIsKept() {
    double[] metrics = {Double.NaN, 0.3, 0.1, 0.2};
    LocalEngine engine = small();
    int[] asked = new int[1];
    engine.withValidation(() -> Optional.of(Map.of("recall", metrics[asked[0]++])));
    Outcome outcome = train(engine, settings(4, 0.5));
    assertThat(outcome.sweeps()).hasSize(4);
    assertThat(outcome.bestSweep()).isEqualTo(2);
  }

  @Test
  void aMetricThatIsNeverANumberKeepsTheFirstSweep() {
    LocalEngine engine = small();
    engine.withValidation(() -> Optional.of(Map.of("recall", Double.NaN)));
    assertThat(train(engine, settings(3, 0.5)).bestSweep()).isEqualTo(1);
    assertThat(engine.best(Side.ITEMS)).isNotNull();
  }

  @Test
  void withoutValidationTheLastSweepIsKept() {
    LocalEngine engine = small();
    TrainerSettings noMetric = new TrainerSettings(3, 0.5, UpdateSchedule.COSINE, 1, 1, null);
    Outcome outcome = train(engine, noMetric);
    assertThat(outcome.bestSweep()).isEqualTo(3);
    assertThat(engine.best(Side.USERS)).isEqualTo(engine.tables(Side.USERS));
  }

  @Test
  void namesAMetricThatValidationDoesNotGive() {
    LocalEngine engine = small();
    engine.withValidation(() -> Optional.of(Map.of("ndcg@20", 0.1, "hr@10", 0.2)));
    assertThatThrownBy(() -> train(engine, settings(3, 0.5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("metric is 'recall'; validation gives hr@10, ndcg@20");
  }

  @Test
  void exploringFindsABetterMaskThanTheStart() {
    double[] losses = new double[2];
    for (int explores = 0; explores < 2; explores++) {
      LocalEngine engine =
          new LocalEngine(PLANTED.blocks(IMPLICIT, false, 4), IMPLICIT, 40, 0.15, 1, 5);
      Outcome outcome = train(engine, settings(6, 0.5 * explores));
      losses[explores] = outcome.sweeps().get(5).loss();
    }
    assertThat(losses[1]).isLessThan(0.8 * losses[0]);
  }

  private static LocalEngine small() {
    return new LocalEngine(SMALL.blocks(IMPLICIT, false, 3), IMPLICIT, 16, 0.25, 1, 5);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.15, 1})
  void recoversPlantedCommunitiesAndBeatsPopularity(double density) {
    AlsObjective objective = AlsObjective.implicit(0.1, 0.2, 0.5, 0.4, 0.3);
    int rank = density < 1 ? 40 : 8;
    LocalEngine engine =
        new LocalEngine(PLANTED.blocks(objective, false, 4), objective, rank, density, 1, 5);
    train(engine, settings(8, 0.5));
    double[][] users = NaiveModel.rows(engine, Side.USERS);
    double[][] items = NaiveModel.rows(engine, Side.ITEMS);
    int[] popularity = new int[PLANTED.itemCount()];
    Arrays.stream(PLANTED.items()).forEach(item -> popularity[(int) item]++);
    Ranking model = Ranking.of((u, i) -> NaiveModel.dot(users[u], items[i]));
    Ranking popular = Ranking.of((u, i) -> popularity[i]);
    assertThat(model.inside).isGreaterThan(0.9);
    assertThat(popular.inside).isBetween(0.15, 0.4);
    assertThat(model.recall).isGreaterThan(2 * popular.recall);
  }

  /** Share of the ten best unseen items that lie in the user's community, and recall at ten. */
  private record Ranking(double inside, double recall) {
    static Ranking of(ToDoubleBiFunction<Integer, Integer> score) {
      List<Set<Integer>> seen = sets(PLANTED.userCount());
      List<Set<Integer>> wanted = sets(PLANTED.userCount());
      for (int i = 0; i < PLANTED.users().length; i++) {
        seen.get((int) PLANTED.users()[i]).add((int) PLANTED.items()[i]);
      }
      PLANTED.held().forEach(pair -> wanted.get(pair[0]).add(pair[1]));
      double inside = 0;
      double found = 0;
      for (int u = 0; u < PLANTED.userCount(); u++) {
        int user = u;
        List<Integer> best =
            IntStream.range(0, PLANTED.itemCount())
                .boxed()
                .filter(i -> !seen.get(user).contains(i))
                .sorted(Comparator.comparingDouble(i -> -score.applyAsDouble(user, i)))
                .limit(10)
                .toList();
        inside += best.stream().filter(i -> i % 4 == user % 4).count();
        found += best.stream().filter(wanted.get(user)::contains).count();
      }
      return new Ranking(inside / (10.0 * PLANTED.userCount()), found / PLANTED.held().size());
    }

    private static List<Set<Integer>> sets(int n) {
      List<Set<Integer>> sets = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        sets.add(new HashSet<>());
      }
      return sets;
    }
  }
}
