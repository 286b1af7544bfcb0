package dev.coppice.core.linalg;

import java.util.Arrays;

/** Plain Java loops; the reference for the bits that every other implementation returns. */
final class ScalarKernels implements Kernels {

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public float dot(float[] a, int aOff, float[] b, int bOff, int n) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int wide = n & -16;
    int lanes = n & -8;
    int i = 0;
    if (wide > 0) {
      float t0 = 0;
      float t1 = 0;
      float t2 = 0;
      float t3 = 0;
      float t4 = 0;
      float t5 = 0;
      float t6 = 0;
      float t7 = 0;
      for (; i < wide; i += 16) {
        int p = aOff + i;
        int q = bOff + i;
        s0 += a[p] * b[q];
        s1 += a[p + 1] * b[q + 1];
        s2 += a[p + 2] * b[q + 2];
        s3 += a[p + 3] * b[q + 3];
        s4 += a[p + 4] * b[q + 4];
        s5 += a[p + 5] * b[q + 5];
        s6 += a[p + 6] * b[q + 6];
        s7 += a[p + 7] * b[q + 7];
        t0 += a[p + 8] * b[q + 8];
        t1 += a[p + 9] * b[q + 9];
        t2 += a[p + 10] * b[q + 10];
        t3 += a[p + 11] * b[q + 11];
        t4 += a[p + 12] * b[q + 12];
        t5 += a[p + 13] * b[q + 13];
        t6 += a[p + 14] * b[q + 14];
        t7 += a[p + 15] * b[q + 15];
      }
      if (i < lanes) {
        int p = aOff + i;
        int q = bOff + i;
        s0 += a[p] * b[q];
        s1 += a[p + 1] * b[q + 1];
        s2 += a[p + 2] * b[q + 2];
        s3 += a[p + 3] * b[q + 3];
        s4 += a[p + 4] * b[q + 4];
        s5 += a[p + 5] * b[q + 5];
        s6 += a[p + 6] * b[q + 6];
        s7 += a[p + 7] * b[q + 7];
      }
      s0 += t0;
      s1 += t1;
      s2 += t2;
      s3 += t3;
      s4 += t4;
      s5 += t5;
      s6 += t6;
      s7 += t7;
    } else if (lanes > 0) {
      s0 += a[aOff] * b[bOff];
      s1 += a[aOff + 1] * b[bOff + 1];
      s2 += a[aOff + 2] * b[bOff + 2];
      s3 += a[aOff + 3] * b[bOff + 3];
      s4 += a[aOff + 4] * b[bOff + 4];
      s5 += a[aOff + 5] * b[bOff + 5];
      s6 += a[aOff + 6] * b[bOff + 6];
      s7 += a[aOff + 7] * b[bOff + 7];
    }
    float sum = ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
    for (i = lanes; i < n; i++) {
      sum += a[aOff + i] * b[bOff + i];
    }
    return sum;
  }

  @Override
  public double dot(double[] a, int aOff, double[] b, int bOff, int n) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int wide = n & -16;
    int lanes = n & -4;
    if (wide > 0) {
      double t0 = 0;
      double t1 = 0;
      double t2 = 0;
      double t3 = 0;
      double u0 = 0;
      double u1 = 0;
      double u2 = 0;
      double u3 = 0;
      double v0 = 0;
      double v1 = 0;
      double v2 = 0;
      double v3 = 0;
      for (int i = 0; i < wide; i += 16) {
        int p = aOff + i;
        int q = bOff + i;
        s0 += a[p] * b[q];
        s1 += a[p + 1] * b[q + 1];
        s2 += a[p + 2] * b[q + 2];
        s3 += a[p + 3] * b[q + 3];
        t0 += a[p + 4] * b[q + 4];
        t1 += a[p + 5] * b[q + 5];
        t2 += a[p + 6] * b[q + 6];
        t3 += a[p + 7] * b[q + 7];
        u0 += a[p + 8] * b[q + 8];
        u1 += a[p + 9] * b[q + 9];
        u2 += a[p + 10] * b[q + 10];
        u3 += a[p + 11] * b[q + 11];
        v0 += a[p + 12] * b[q + 12];
        v1 += a[p + 13] * b[q + 13];
        v2 += a[p + 14] * b[q + 14];
        v3 += a[p + 15] * b[q + 15];
      }
      for (int i = wide; i < lanes; i += 4) {
        int p = aOff + i;
        int q = bOff + i;
        s0 += a[p] * b[q];
        s1 += a[p + 1] * b[q + 1];
        s2 += a[p + 2] * b[q + 2];
        s3 += a[p + 3] * b[q + 3];
      }
      s0 = (s0 + t0) + (u0 + v0);
      s1 = (s1 + t1) + (u1 + v1);
      s2 = (s2 + t2) + (u2 + v2);
      s3 = (s3 + t3) + (u3 + v3);
    } else {
      for (int i = 0; i < lanes; i += 4) {
        int p = aOff + i;
        int q = bOff + i;
        s0 += a[p] * b[q];
        s1 += a[p + 1] * b[q + 1];
        s2 += a[p + 2] * b[q + 2];
        s3 += a[p + 3] * b[q + 3];
      }
    }
    double sum = (s0 + s2) + (s1 + s3);
    for (int i = lanes; i < n; i++) {
      sum += a[aOff + i] * b[bOff + i];
    }
    return sum;
  }

  @Override
  public void axpy(double alpha, double[] x, int xOff, double[] y, int yOff, int n) {
    for (int i = 0; i < n; i++) {
      y[yOff + i] += alpha * x[xOff + i];
    }
  }

  @Override
  public void axpyFloat(double alpha, float[] x, int xOff, double[] y, int yOff, int n) {
    for (int i = 0; i < n; i++) {
      y[yOff + i] += alpha * x[xOff + i];
    }
  }

  @Override
  public void scaledAdd(float alpha, float[] x, int xOff, float[] y, int yOff, int n) {
    for (int i = 0; i < n; i++) {
      y[yOff + i] += alpha * x[xOff + i];
    }
  }

  @Override
  public void readHalves(short[] halves, float factor, float[] to, int toOff, int n) {
    for (int i = 0; i < n; i++) {
      int bits = halves[i];
      to[toOff + i] = factor * Float.intBitsToFloat((bits & 0x8000) << 16 | (bits & 0x7FFF) << 13);
    }
  }

  @Override
  public int nextAbove(float[] values, int from, int to, float threshold) {
    for (int i = from; i < to; i++) {
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
    for (int a = 0; a < rows; a++) {
      double a0 = left[leftOff + a];
      double a1 = left[left1 + a];
      double a2 = left[left2 + a];
      double a3 = left[left3 + a];
      int to = yOff + a * stride;
      for (int b = a & -4; b < n; b++) {
        y[to + b] =
            y[to + b]
                - right[rightOff + b] * a0
                - right[right1 + b] * a1
                - right[right2 + b] * a2
                - right[right3 + b] * a3;
      }
    }
  }

  @Override
  public boolean fastLanes() {
    return false;
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
    for (int row = from; row < to; row++) {
      Arrays.fill(scores, 0, LANES, 0f);
      for (int p = rowOffsets[row]; p < rowOffsets[row + 1]; p++) {
        int base = (dims[p] & 0xffff) * LANES;
        float weight = weights[p];
        for (int t = 0; t < LANES; t++) {
          scores[t] += weight * tile[base + t];
        }
      }
      for (int t = 0; t < LANES; t++) {
        if (scores[t] > thresholds[t]) {
          return row;
        }
      }
    }
    return to;
  }
}
