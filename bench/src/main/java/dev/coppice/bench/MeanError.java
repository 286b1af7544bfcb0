package dev.coppice.bench;

import java.util.List;

/**
 * Mean and standard error of some values.
 *
 * @param mean arithmetic mean
 * @param error s / sqrt(n) with the sample deviation s; NaN for one value
 * @param count n
 */
record MeanError(double mean, double error, int count) {

  static MeanError of(List<Double> values) {
    int n = values.size();
    double mean = values.stream().mapToDouble(Double::doubleValue).sum() / n;
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    return new MeanError(mean, Math.sqrt(squares / (n - 1) / n), n);
  }

  /** Returns {@code .1584 +- .0003}, the error only where there is one. */
  @Override
  public String toString() {
    return Markdown.number(mean, 4) + (count > 1 ? " ± " + Markdown.number(error, 4) : "");
  }
}
