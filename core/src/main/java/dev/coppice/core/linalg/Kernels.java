package dev.coppice.core.linalg;

/**
 * One implementation of the inner loops.
 *
 * <p>All implementations return the same bits: they add in the same order, on a fixed number of
 * partial sums (256 bits of lanes), and never fuse a multiplication with an addition. Any NaN
 * equals any other NaN in this sense. Ranges are given as offset and length; a range outside its
 * array ends in an {@link IndexOutOfBoundsException}, and may have changed part of the output by
 * then.
 */
public interface Kernels {

  /** A short name for logs and reports, such as {@code scalar}. */
  String name();

  /**
   * Dot product of {@code a[aOff .. aOff+n)} and {@code b[bOff .. bOff+n)} in single precision.
   *
   * <p>The order: blocks of 16 go to two groups of eight partial sums, a left-over block of eight
   * to the first group; the groups are added, then the eight sums by halving (i with i+4, i+2,
   * i+1), and the last n mod 8 products follow one by one. The error is at most (n/16 + 13) units
   * of 2<sup>-24</sup> times sum |a_i b_i|, to first order.
   */
  float dot(float[] a, int aOff, float[] b, int bOff, int n);

  /**
   * Dot product in double precision: blocks of 16 go to four groups of four partial sums, left-over
   * blocks of four to the first group; the groups are added as (0+1)+(2+3), the four sums as
   * (0+2)+(1+3), and the last n mod 4 products follow one by one.
   */
  double dot(double[] a, int aOff, double[] b, int bOff, int n);

  /** {@code y[yOff + i] += alpha * x[xOff + i]} for i below n. */
  void axpy(double alpha, double[] x, int xOff, double[] y, int yOff, int n);

  /** {@code y[yOff + i] += alpha * (double) x[xOff + i]} for i below n. */
  void axpyFloat(double alpha, float[] x, int xOff, double[] y, int yOff, int n);

  /** {@code y[yOff + i] += alpha * x[xOff + i]} for i below n, in single precision. */
  void scaledAdd(float alpha, float[] x, int xOff, float[] y, int yOff, int n);

  /**
   * Reads IEEE halves: {@code to[toOff + i] = factor * x} for i below n, where x is {@code
   * halves[i]} times 2<sup>-112</sup>, which is what a float whose bits are those of the half at
   * their places is. Halves that are no finite numbers become finite ones.
   */
  void readHalves(short[] halves, float factor, float[] to, int toOff, int n);

  /**
   * The index of the first value in {@code values[from .. to)} greater than the threshold, or
   * {@code to} when there is none. NaN is greater than nothing.
   */
  int nextAbove(float[] values, int from, int to, float threshold);

  /**
   * Takes four products of vectors off the upper triangle of a matrix: {@code y(a, b) -= left(t, a)
   * * right(t, b)} for t = 0, 1, 2, 3, one after the other. The inner step of {@link Cholesky} and
   * of the systems it solves.
   *
   * <p>Entries are at {@code yOff + a * stride + b}, {@code leftOff + t * stride + a} and {@code
   * rightOff + t * stride + b}, for a below {@code rows} and b from the multiple of four at or
   * below a up to n. The arrays may be the same one, but the entries of y no others.
   *
   * @param n columns, a multiple of four
   */
  void subtractProducts4(
      double[] left,
      int leftOff,
      double[] right,
      int rightOff,
      int stride,
      double[] y,
      int yOff,
      int rows,
      int n);

  /** Users that {@link #nextRowAbove} scores at once. */
  int LANES = 32;

  /** Whether {@link #nextRowAbove} is faster here than adding up one user's columns. */
  boolean fastLanes();

  /**
   * Scores sparse rows against {@value #LANES} users at once, up to the first row that beats a
   * threshold: the search loop of top-K.
   *
   * <p>The score of row r for user t is the sum over its weights p, in order, of {@code weights[p]
   * * tile[dims[p] * LANES + t]}, in single precision.
   *
   * @param rowOffsets offsets of the rows into the next two
   * @param dims dimensions, read as unsigned
   * @param weights the rows' weights
   * @param from first row to score
   * @param to row to stop before
   * @param tile the users' weights by dimension, zeros included: {@code float[rank * LANES]}
   * @param thresholds one per user
   * @param scores receives the scores of the row returned, one per user; undefined if there is none
   * @return the first row with a score greater than its user's threshold, or {@code to}
   */
  int nextRowAbove(
      int[] rowOffsets,
      short[] dims,
      float[] weights,
      int from,
      int to,
      float[] tile,
      float[] thresholds,
      float[] scores);
}
