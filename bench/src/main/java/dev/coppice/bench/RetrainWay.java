package dev.coppice.bench;

/** How a period is learnt. */
enum RetrainWay {
  /** From random rows, on all data so far. */
  SCRATCH("from scratch"),
  /** From the initial model, new rows at random, two sweeps of train's exploration, all data. */
  WARM_ALL("plain warm start, all data"),
  /** The same on the period's interactions alone. */
  WARM_NEW("plain warm start, new data only"),
  /** The defaults of the job retrain. */
  RETRAIN("retrain"),
  /** The same, half of the rows at rest from the second sweep on. */
  RESTING("retrain, solveShare .5, updateInterval 1"),
  /** Weights that mattered to earlier periods are protected. */
  PROTECT("retrain, protect 1"),
  /** Growth by running means of gradients. */
  MOMENTUM("retrain, growth momentum"),
  /** Growth at random. */
  RANDOM("retrain, growth random"),
  /** Growth at random where no weight was yet. */
  UNFIRED("retrain, growth unfired"),
  /** Weights shared out by Erdos-Renyi, from the first period on. */
  ER("retrain, start er"),
  /** Half of the old interactions replayed. */
  REPLAY("retrain, replay .5"),
  /** The same, protected. */
  REPLAY_PROTECT("retrain, replay .5, protect 1"),
  /** The new interactions alone. */
  NEW("retrain, new data only"),
  /** The same, protected. */
  NEW_PROTECT("retrain, new data only, protect 1"),
  /** The new interactions, and the scores of the model before in the place of the others. */
  SCORES("retrain, new data and kept scores"),
  /** A tenth of every user's old interactions left out, those fitted best. */
  DROP("retrain, dropFitted .1");

  private final String title;

  RetrainWay(String title) {
    this.title = title;
  }

  /** Returns how the results call it. */
  String title() {
    return title;
  }

  /** Whether none of the earlier interactions is read. */
  boolean learnsNewAlone() {
    return this == WARM_NEW || this == NEW || this == NEW_PROTECT || this == SCORES;
  }

  boolean protects() {
    return this == PROTECT || this == REPLAY_PROTECT || this == NEW_PROTECT;
  }
}
