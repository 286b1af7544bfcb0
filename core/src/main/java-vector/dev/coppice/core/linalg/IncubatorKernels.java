package dev.coppice.core.linalg;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels on {@code jdk.incubator.vector}, with 256-bit lanes on every machine so that the
 * order of additions, and with it every bit of the result, is that of {@link ScalarKernels}. Loaded
 * by {@link VectorKernels} through reflection, only where the module is there.
 */
final class IncubatorKernels implements Kernels, WidthAware {

  private static final VectorSpecies<Float> F = FloatVector.SPECIES_256;
  private static final VectorSpecies<Float> HALF = FloatVector.SPECIES_128;
  private static final VectorSpecies<Short> S = ShortVector.SPECIES_128;
  private static final VectorSpecies<Double> D = DoubleVector.SPECIES_256;
  private static final VectorShuffle<Float> BY_FOUR = VectorShuffle.iota(F, 4, 1, true);
  private static final VectorShuffle<Float> BY_TWO = VectorShuffle.iota(F, 2, 1, true);
  private static final VectorShuffle<Double> BY_TWO_D = VectorShuffle.iota(D, 2, 1, true);

  IncubatorKernels() {}

  @Override
  public String name() {
    return "jdk.incubator.vector 256 bit";
  }

  @Override
  public int registerBits() {
    return VectorShape.preferredShape().vectorBitSize();
  }

  @Override
  public float dot(float[] a, int aOff, float[] b, int bOff, int n) {
    int lanes = n & -8;
    float sum = 0;
    if (lanes > 0) {
      FloatVector s = FloatVector.zero(F);
      int i = 0;
      if (n >= 16) {
        int wide = n & -16;
        FloatVector t = FloatVector.zero(F);
        for (; i < wide; i += 16) {
          s = s.add(load(a, aOff + i).mul(load(b, bOff + i)));
          t = t.add(load(a, aOff + i + 8).mul(load(b, bOff + i + 8)));
        }
        if (i < lanes) {
          s = s.add(load(a, aOff + i).mul(load(b, bOff + i)));
        }
        s = s.add(t);
      } else {
        s = s.add(load(a, aOff).mul(load(b, bOff)));
      }
      // reduceLanes leaves the order open; this is ((0+4)+(2+6)) + ((1+5)+(3+7)).
      s = s.add(s.rearrange(BY_FOUR));
      s = s.add(s.rearrange(BY_TWO));
      sum = s.lane(0) + s.lane(1);
    }
    for (int i = lanes; i < n; i++) {
      sum += a[aOff + i] * b[bOff + i];
    }
    return sum;
  }

  @Override
  public double dot(double[] a, int aOff, double[] b, int bOff, int n) {
    int lanes = n & -4;
    double sum = 0;
    if (lanes > 0) {
      DoubleVector s = DoubleVector.zero(D);
      int i = 0;
      if (n >= 16) {
        int wide = n & -16;
        DoubleVector t = DoubleVector.zero(D);
        DoubleVector u = DoubleVector.zero(D);
        DoubleVector v = DoubleVector.zero(D);
        for (; i < wide; i += 16) {
          s = s.add(load(a, aOff + i).mul(load(b, bOff + i)));
          t = t.add(load(a, aOff + i + 4).mul(load(b, bOff + i + 4)));
          u = u.add(load(a, aOff + i + 8).mul(load(b, bOff + i + 8)));
          v = v.add(load(a, aOff + i + 12).mul(load(b, bOff + i + 12)));
        }
        for (; i < lanes; i += 4) {
          s = s.add(load(a, aOff + i).mul(load(b, bOff + i)));
        }
        s = s.add(t).add(u.add(v));
      } else {
        for (; i < lanes; i += 4) {
          s = s.add(load(a, aOff + i).mul(load(b, bOff + i)));
        }
      }
      sum = sum(s);
    }
    for (int i = lanes; i < n; i++) {
      sum += a[aOff + i] * b[bOff + i];
    }
    return sum;
  }

  @Override
  public void axpy(double alpha, double[] x, int xOff, double[] y, int yOff, int n) {
    int lanes = n & -4;
    for (int i = 0; i < lanes; i += 4) {
      load(y, yOff + i).add(load(x, xOff + i).mul(alpha)).intoArray(y, yOff + i);
    }
    for (int i = lanes; i < n; i++) {
      y[yOff + i] += alpha * x[xOff + i];
    }
  }

  @Override
  public void axpyFloat(double alpha, float[] x, int xOff, double[] y, int yOff, int n) {
    int lanes = n & -4;
    for (int i = 0; i < lanes; i += 4) {
      DoubleVector wide =
          (DoubleVector)
              FloatVector.fromArray(HALF, x, xOff + i).convertShape(VectorOperators.F2D, D, 0);
      load(y, yOff + i).add(wide.mul(alpha)).intoArray(y, yOff + i);
    }
    for (int i = lanes; i < n; i++) {
      y[yOff + i] += alpha * x[xOff + i];
    }
  }

  @Override
  public void scaledAdd(float alpha, float[] x, int xOff, float[] y, int yOff, int n) {
    int lanes = n & -8;
    for (int i = 0; i < lanes; i += 8) {
      load(y, yOff + i).add(load(x, xOff + i).mul(alpha)).intoArray(y, yOff + i);
    }
    for (int i = lanes; i < n; i++) {
      y[yOff + i] += alpha * x[xOff + i];
    }
  }

  @Override
  public void readHalves(short[] halves, float factor, float[] to, int toOff, int n) {
    int i = 0;
    for (; i + 8 <= n; i += 8) {
      // The conversion repeats the sign to the left.
      IntVector bits =
          (IntVector)
              ShortVector.fromArray(S, halves, i)
                  .convertShape(VectorOperators.S2I, IntVector.SPECIES_256, 0);
      IntVector sign = bits.and(0x80000000);
      IntVector rest = bits.and(0x7FFF).lanewise(VectorOperators.LSHL, 13);
      sign.or(rest).reinterpretAsFloats().mul(factor).intoArray(to, toOff + i);
    }
    for (; i < n; i++) {
      int bits = halves[i];
      to[toOff + i] = factor * Float.intBitsToFloat((bits & 0x8000) << 16 | (bits & 0x7FFF) << 13);
    }
  }

  @Override
  public int nextAbove(float[] values, int from, int to, float threshold) {
    int i = from;
    // Four vectors per test of the mask; the exact place is then found in the block that holds it.
    for (; i + 32 <= to; i += 32) {
      VectorMask<Float> any =
          above(values, i, threshold)
              .or(above(values, i + 8, threshold))
              .or(above(values, i + 16, threshold).or(above(values, i + 24, threshold)));
      if (any.anyTrue()) {
        break;
      }
    }
    for (; i < to; i++) {
      if (values[i] > threshold) {
        return i;
      }
    }
    return to;
  }

  @Override
  public void subtractDots4(double[] a, int x, int y, int stride, int n, int out) {
    int y1 = y + stride;
    int y2 = y1 + stride;
    int y3 = y2 + stride;
    int lanes = n & -4;
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    if (lanes > 0) {
      DoubleVector v0 = DoubleVector.zero(D);
      DoubleVector v1 = DoubleVector.zero(D);
      DoubleVector v2 = DoubleVector.zero(D);
      DoubleVector v3 = DoubleVector.zero(D);
      for (int i = 0; i < lanes; i += 4) {
        DoubleVector row = load(a, x + i);
        v0 = v0.add(row.mul(load(a, y + i)));
        v1 = v1.add(row.mul(load(a, y1 + i)));
        v2 = v2.add(row.mul(load(a, y2 + i)));
        v3 = v3.add(row.mul(load(a, y3 + i)));
      }
      s0 = sum(v0);
      s1 = sum(v1);
      s2 = sum(v2);
      s3 = sum(v3);
    }
    for (int i = lanes; i < n; i++) {
      double value = a[x + i];
      s0 += value * a[y + i];
      s1 += value * a[y1 + i];
      s2 += value * a[y2 + i];
      s3 += value * a[y3 + i];
    }
    a[out] -= s0;
    a[out + 1] -= s1;
    a[out + 2] -= s2;
    a[out + 3] -= s3;
  }

  @Override
  public boolean fastLanes() {
    return true;
  }

  @Override
  public int nextRowAbove(
      int[] rowOffsets,
      short[] dims,
      float[] weights,
      int from,
      int to,
      float[] tile,
      float[] thresholds,
      float[] scores) {
    FloatVector t0 = load(thresholds, 0);
    FloatVector t1 = load(thresholds, 8);
    FloatVector t2 = load(thresholds, 16);
    FloatVector t3 = load(thresholds, 24);
    for (int row = from; row < to; row++) {
      FloatVector s0 = FloatVector.zero(F);
      FloatVector s1 = FloatVector.zero(F);
      FloatVector s2 = FloatVector.zero(F);
      FloatVector s3 = FloatVector.zero(F);
      int end = rowOffsets[row + 1];
      for (int p = rowOffsets[row]; p < end; p++) {
        int base = (dims[p] & 0xffff) * LANES;
        FloatVector weight = FloatVector.broadcast(F, weights[p]);
        s0 = s0.add(weight.mul(load(tile, base)));
        s1 = s1.add(weight.mul(load(tile, base + 8)));
        s2 = s2.add(weight.mul(load(tile, base + 16)));
        s3 = s3.add(weight.mul(load(tile, base + 24)));
      }
      VectorMask<Float> any =
          s0.compare(VectorOperators.GT, t0)
              .or(s1.compare(VectorOperators.GT, t1))
              .or(s2.compare(VectorOperators.GT, t2).or(s3.compare(VectorOperators.GT, t3)));
      if (any.anyTrue()) {
        s0.intoArray(scores, 0);
        s1.intoArray(scores, 8);
        s2.intoArray(scores, 16);
        s3.intoArray(scores, 24);
        return row;
      }
    }
    return to;
  }

  private static FloatVector load(float[] a, int offset) {
    return FloatVector.fromArray(F, a, offset);
  }

  private static DoubleVector load(double[] a, int offset) {
    return DoubleVector.fromArray(D, a, offset);
  }

  private static VectorMask<Float> above(float[] values, int offset, float threshold) {
    return load(values, offset).compare(VectorOperators.GT, threshold);
  }

  /** (0+2) + (1+3). */
  private static double sum(DoubleVector v) {
    DoubleVector halves = v.add(v.rearrange(BY_TWO_D));
    return halves.lane(0) + halves.lane(1);
  }
}
