package dev.coppice.publish;

import java.util.Locale;

/**
 * What the gate found. Immutable.
 *
 * @param metric what was measured, such as {@code ndcg@20}; null if nothing was
 * @param value the candidate's metric; null if nothing was measured
 * @param publishedRunId the model it was compared with; null if there was none
 * @param publishedValue that model's metric on the same users and pairs; null if there was none
 * @param maxRegression share of {@code publishedValue} that the candidate may be below it
 * @param users users of the validation part that both were measured on
 * @param newUsers users of the validation part that the published model does not know; left out
 */
public record Verdict(
    String metric,
    Double value,
    String publishedRunId,
    Double publishedValue,
    double maxRegression,
    long users,
    long newUsers) {

  /** Nothing was measured. */
  public static Verdict unmeasured() {
    return new Verdict(null, null, null, null, 1, 0, 0);
  }

  /** Whether the candidate may be published: it is not worse by more than is allowed. */
  public boolean passed() {
    return publishedValue == null || value >= least();
  }

  /** The least metric that passes. */
  private double least() {
    return publishedValue * (1 - maxRegression);
  }

  /** The verdict in one line. */
  public String inWords() {
    if (value == null) {
      return "gate: nothing was compared";
    }
    if (publishedValue == null) {
      return String.format(
          Locale.ROOT,
          "gate: %s %.5f of %,d users; no model was published before",
          metric,
          value,
          users);
    }
    return String.format(
        Locale.ROOT,
        "gate: %s %.5f, of the published model (%s) %.5f, at least %.5f is needed (maxRegression"
            + " %s); %,d users of the validation part, without %,d that the published model does"
            + " not know",
        metric,
        value,
        publishedRunId,
        publishedValue,
        least(),
        maxRegression,
        users,
        newUsers);
  }
}
