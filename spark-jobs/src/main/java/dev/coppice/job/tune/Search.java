package dev.coppice.job.tune;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.job.frame.ErrorText;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.train.TrainSizing;
import dev.coppice.sizing.Resources;
import dev.coppice.sizing.TrainingPlan;
import dev.coppice.spark.AlsKeys;
import dev.coppice.spark.Family;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the search: trials from the journal or by training, some at a time, within the time. */
final class Search {
  private static final Logger LOG = LoggerFactory.getLogger(Search.class);

  /** Trials at a time that the driver has hands for. */
  private static final int MOST_PARALLEL = 8;

  /** Candidates by which the memory of a trial is told. */
  private static final int LOOKED_AT = 40;

  private static final double NANOS_PER_MINUTE = 60e9;

  private final JobContext context;
  private final ConfigValues values;
  private final Space space;
  private final TrialJournal journal;
  private final TrialFit fit;
  private final Halving halving;
  private final int parallel;
  private final Map<String, Trial> trained = new HashMap<>();
  private double best = Double.NEGATIVE_INFINITY;
  private int count;
  private int again;

  Search(
      JobContext context,
      ConfigValues values,
      CanonicalDataset data,
      Space space,
      TrialJournal journal) {
    this.context = context;
    this.values = values;
    this.space = space;
    this.journal = journal;
    fit = new TrialFit(context.spark().sparkContext(), data, space);
    halving = Halving.of(TuneKeys.mostTrials(values));
    int wanted = values.get(TuneKeys.PARALLEL_TRIALS);
    parallel = wanted > 0 ? wanted : fitting(data);
  }

  /** As many trials as tasks run at a time, as far as there is memory for the largest of them. */
  private int fitting(CanonicalDataset data) {
    Rung last = halving.rungs().get(halving.rungs().size() - 1);
    long most = Math.min(MOST_PARALLEL, context.spark().sparkContext().defaultParallelism());
    for (int number = 0; number < LOOKED_AT; number++) {
      Optional<Candidate> candidate = space.candidate(number);
      if (candidate.isPresent() && candidate.get().family().hasRows()) {
        ConfigValues settings = space.resolved(space.settings(candidate.get(), last));
        TrainingPlan plan = TrainSizing.plan(context, settings, data);
        Resources there = plan.resources();
        most = Math.min(most, there.driverHeap() / plan.driverHeap());
        most = Math.min(most, there.executorHeap() / plan.leastExecutorHeap());
      }
    }
    return (int) Math.max(1, most);
  }

  List<Rung> rungs() {
    return halving.rungs();
  }

  /** Trials at a time. */
  int parallel() {
    return parallel;
  }

  /** Trials that an interrupted run had made. */
  int again() {
    return again;
  }

  /** Searches, and returns all trials. */
  List<Trial> trials() throws Exception {
    if (values.get(TuneKeys.RESUME)) {
      context.say(
          "resume: "
              + journal.size()
              + " trials in "
              + journal.directory()
              + (journal.others() == 0
                  ? ""
                  : "; " + journal.others() + " of other data or settings are not used"));
    }
    long start = System.nanoTime();
    Optional<Double> minutes = values.find(TuneKeys.TIME_LIMIT);
    try (TrialPool pool = new TrialPool(parallel)) {
      return halving.search(
          space::candidate,
          (rung, candidates) ->
              context.phase(
                  "rung " + (rung.number() + 1) + " of " + rung.of() + ", " + rung.inWords(),
                  () -> rung(rung, candidates, pool, start, minutes)));
    }
  }

  private List<Trial> rung(
      Rung rung,
      Iterator<Candidate> candidates,
      TrialPool pool,
      long start,
      Optional<Double> minutes)
      throws Exception {
    double part = (rung.number() + 1.0) / rung.of();
    int before = count;
    List<Trial> trials =
        pool.run(
            new Tasks(candidates, rung),
            // Where there is time for nothing there is one trial.
            () ->
                (count == 0 && before == 0)
                    || minutes.isEmpty()
                    || System.nanoTime() - start < part * minutes.get() * NANOS_PER_MINUTE,
            this::ended);
    trials.forEach(trial -> trained.putIfAbsent(key(trial.family(), trial.settings()), trial));
    return trials;
  }

  private static String key(Family family, Map<String, String> settings) {
    return family + " " + settings;
  }

  /** The trials of a rung, to be asked for on one thread. */
  private final class Tasks implements Iterator<Callable<Trial>> {
    private final Iterator<Candidate> candidates;
    private final Rung rung;

    Tasks(Iterator<Candidate> candidates, Rung rung) {
      this.candidates = candidates;
      this.rung = rung;
    }

    @Override
    public boolean hasNext() {
      return candidates.hasNext();
    }

    @Override
    public Callable<Trial> next() {
      Candidate candidate = candidates.next();
      Map<String, String> settings = space.settings(candidate, rung);
      Optional<Trial> kept = journal.find(candidate, rung, settings);
      if (kept.isPresent()) {
        again++;
        return kept::get;
      }
      // Where everything that makes a model small is fixed, a rung trains what the one before did.
      Trial same = trained.get(key(candidate.family(), settings));
      return same == null ? () -> fit.train(candidate, rung) : () -> same.at(rung);
    }
  }

  private void ended(Trial trial) {
    count++;
    try {
      journal.keep(trial);
    } catch (IOException e) {
      LOG.warn("a trial could not be kept", e);
      context.say("warning: a trial could not be kept for a resumed run: " + ErrorText.of(e));
    }
    best = Math.max(best, trial.quality());
    context.say(
        String.format(
            Locale.ROOT,
            "trial %d: candidate %d, %s %s: %s",
            count,
            trial.candidate(),
            trial.family().word(),
            trial.settings(),
            trial.outcome().isPresent()
                ? String.format(
                    Locale.ROOT,
                    "%s %.4f (best %.4f), %,d bytes, %.1f s",
                    values.get(AlsKeys.METRIC),
                    trial.quality(),
                    best,
                    trial.bytes(),
                    trial.seconds())
                : "failed: " + trial.failure()));
  }
}
