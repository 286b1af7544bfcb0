package dev.coppice.bench;

import java.util.List;

/**
 * What was measured of one file.
 *
 * @param name of the model
 * @param bits of a weight
 * @param bytes of the file
 * @param firstOpen milliseconds of the first opening in the process
 * @param open milliseconds of the median opening
 * @param verify milliseconds of a full check
 * @param error of rounding to 16 bits; null where unknown
 * @param answers added one by one
 */
record ServingMeasurement(
    String name,
    int bits,
    long bytes,
    double firstOpen,
    double open,
    double verify,
    RoundingError error,
    List<Answer> answers) {

  /** One kind of answer with a number of threads. */
  record Answer(String what, int threads, Latency latency) {}
}
