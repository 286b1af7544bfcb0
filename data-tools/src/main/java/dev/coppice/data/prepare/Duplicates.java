package dev.coppice.data.prepare;

/** What to do with several rows of the same user and item in one part. */
public enum Duplicates {
  /** Add their weights; time and group are the latest row's. */
  SUM,
  /** Keep the latest by time, and among equal times the one that stands last in the input. */
  LAST,
  /** End the job, naming the first few. */
  REFUSE
}
