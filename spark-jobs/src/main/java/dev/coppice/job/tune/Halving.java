package dev.coppice.job.tune;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Successive halving: all candidates of a list are trained small and with few sweeps, the best
 * third of them larger and with twice the sweeps, and so on up to the full size. All of a rung are
 * trained before the best go on, so what is tried does not depend on how many are trained at a
 * time.
 *
 * <p>Sources: Jamieson, Talwalkar: <i>Non-stochastic Best Arm Identification and Hyperparameter
 * Optimization</i> (AISTATS 2016), for the rungs; Li, Jamieson, DeSalvo, Rostamizadeh, Talwalkar:
 * <i>Hyperband</i> (JMLR 18, 2018), for the third (there eta = 3). Differs from them: the size of
 * the model grows from rung to rung together with the sweeps, and a limit of time gives each rung
 * an equal part of it.
 */
final class Halving {
  /** One of so many goes on. */
  static final int KEPT = 3;

  /** Rungs where there is no limit of trials. */
  private static final int MOST_RUNGS = 3;

  private final List<Rung> rungs;

  private Halving(List<Rung> rungs) {
    this.rungs = List.copyOf(rungs);
  }

  /**
   * A search of so many trials at most: of 40, 28 small ones, 9 larger ones and 3 of the full size.
   *
   * @param trials at least 1; {@link Integer#MAX_VALUE} for no limit
   */
  static Halving of(int trials) {
    if (trials == Integer.MAX_VALUE) {
      List<Rung> open = new ArrayList<>();
      for (int r = 0; r < MOST_RUNGS; r++) {
        open.add(new Rung(r, MOST_RUNGS, Integer.MAX_VALUE));
      }
      return new Halving(open);
    }
    int count = 1;
    // Each rung but the first has one candidate at least, and the one before three times as many.
    for (int all = 1 + KEPT; count < MOST_RUNGS && all <= trials; all = 1 + KEPT * all) {
      count++;
    }
    int first = trials;
    while (total(first, count) > trials) {
      first--;
    }
    List<Rung> rungs = new ArrayList<>();
    int left = trials;
    int width = first;
    for (int r = 0; r < count; r++) {
      boolean last = r == count - 1;
      // What does not divide by three is for the full size.
      int here = last ? Math.min(left, r == 0 ? left : rungs.get(r - 1).width()) : width;
      rungs.add(new Rung(r, count, here));
      left -= here;
      width = Math.max(1, width / KEPT);
    }
    return new Halving(rungs);
  }

  private static int total(int first, int count) {
    long total = 0;
    int width = first;
    for (int r = 0; r < count; r++) {
      total += width;
      width = Math.max(1, width / KEPT);
    }
    return (int) Math.min(Integer.MAX_VALUE, total);
  }

  List<Rung> rungs() {
    return rungs;
  }

  /** Trains the candidates of a rung. */
  @FunctionalInterface
  interface Trainer {
    /**
     * Trains as many as there is time for, the first ones first.
     *
     * @return the trials of those that were trained, failed ones too, in any order
     */
    List<Trial> train(Rung rung, Iterator<Candidate> candidates) throws Exception;
  }

  /**
   * Searches.
   *
   * @param source candidates by number, from 0; empty from some number on if there are no more
   * @return all trials, rung by rung, each in the order of the candidates
   */
  List<Trial> search(IntFunction<Optional<Candidate>> source, Trainer trainer) throws Exception {
    List<Trial> all = new ArrayList<>();
    List<Trial> best = List.of();
    for (Rung rung : rungs) {
      Iterator<Candidate> next =
          rung.number() == 0
              ? first(source, rung.width())
              : promoted(best, rung.width()).stream()
                  .map(trial -> source.apply(trial.candidate()).orElseThrow())
                  .iterator();
      List<Trial> trials =
          trainer.train(rung, next).stream()
              .sorted((a, b) -> Integer.compare(a.candidate(), b.candidate()))
              .toList();
      all.addAll(trials);
      best = trials.stream().filter(trial -> trial.outcome().isPresent()).toList();
      if (best.isEmpty()) {
        break;
      }
    }
    return all;
  }

  /** Returns those that go on, the best first. */
  private static List<Trial> promoted(List<Trial> trials, int width) {
    int most = width == Integer.MAX_VALUE ? Math.max(1, trials.size() / KEPT) : width;
    return trials.stream().sorted(Trial.BEST_FIRST).limit(most).toList();
  }

  private static Iterator<Candidate> first(IntFunction<Optional<Candidate>> source, int width) {
    return new Iterator<>() {
      private int number;

      @Override
      public boolean hasNext() {
        return number < width && source.apply(number).isPresent();
      }

      @Override
      public Candidate next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return source.apply(number++).orElseThrow();
      }
    };
  }
}
