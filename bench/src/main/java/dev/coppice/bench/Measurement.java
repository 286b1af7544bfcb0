package dev.coppice.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What was measured of one variant. Bytes and live heap are above what there was before. */
final class Measurement {
  final Variant variant;
  final List<Double> trainSeconds = new ArrayList<>();
  final List<Double> recommendSeconds = new ArrayList<>();
  double weightsPerRow;
  double recall;
  double ndcg;
  long heapAfter;
  long heapPeak = -1;
  long savedBytes;
  long tableBytes;
  Traffic.Bytes trainTraffic = new Traffic.Bytes(0, 0);
  Traffic.Bytes recommendTraffic = new Traffic.Bytes(0, 0);

  Measurement(Variant variant) {
    this.variant = variant;
  }

  double bestTrain() {
    return Collections.min(trainSeconds);
  }

  double bestRecommend() {
    return Collections.min(recommendSeconds);
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
