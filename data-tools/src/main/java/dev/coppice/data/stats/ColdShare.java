package dev.coppice.data.stats;

/**
 * How much of a held-out part a model cannot know: users, or items, without a row in train or
 * validation.
 *
 * @param total different users or items in the part
 * @param cold those without a row in train or validation
 * @param rows rows of the part
 * @param coldRows rows of the cold ones
 */
public record ColdShare(long total, long cold, long rows, long coldRows) {
  /** Share of the users or items that is cold; 0 if there are none. */
  public double share() {
    return total == 0 ? 0 : (double) cold / total;
  }

  /** Share of the rows that is cold; 0 if there are none. */
  public double rowShare() {
    return rows == 0 ? 0 : (double) coldRows / rows;
  }
}
