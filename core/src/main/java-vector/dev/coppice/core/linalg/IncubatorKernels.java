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
  public void subtractProducts4(
      double[] left,
      int leftOff,
      double[] right,
      int rightOff,
      int stride,
      double[] y,
      int yOff,
      int rows,
      int n) {
    int left1 = leftOff + stride;
    int left2 = left1 + stride;
    int left3 = left2 + stride;
    int right1 = rightOff + stride;
    int right2 = right1 + stride;
    int right3 = right2 + stride;
    // Columns outside: the loop over rows is longer than one over the columns of a short row.
    for (int b = 0; b < n; b += 4) {
      DoubleVector r0 = load(right, rightOff + b);
      DoubleVector r1 = load(right, right1 + b);
      DoubleVector r2 = load(right, right2 + b);
      DoubleVector r3 = load(right, right3 + b);
      int end = Math.min(rows, b + 4);
      int to = yOff + b;
      for (int a = 0; a < end; a++) {
        load(y, to)
            .sub(r0.mul(left[leftOff + a]))
            .sub(r1.mul(left[left1 + a]))
            .sub(r2.mul(left[left2 + a]))
            .sub(r3.mul(left[left3 + a]))
            .intoArray(y, to);
        to += stride;
      }
    }
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
