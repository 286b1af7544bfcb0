package dev.coppice.data.prepare;

import dev.coppice.data.Manifest;
import dev.coppice.data.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was written of an input.
 *
 * @param users size of the dictionary
 * @param items size of the dictionary
 * @param fingerprint of the interactions
 * @param leftOut pairs that were left out, by reason
 */
record Prepared(long users, long items, Fingerprint fingerprint, Map<String, Long> leftOut) {
  /** How many pairs were left out, by reason. */
  static Map<String, Long> leftOut(
      InputReport report, Map<Integer, Long> byCode, Fingerprint fingerprint) {
    Map<String, Long> leftOut = new TreeMap<>();
    long distinct = byCode.values().stream().mapToLong(Long::longValue).sum();
    leftOut.put("duplicates", report.goodRows() - distinct);
    leftOut.put("minWeight", byCode.getOrDefault((int) Encoded.BELOW_WEIGHT, 0L));
    leftOut.put("seen", byCode.getOrDefault((int) Encoded.SEEN, 0L));
    leftOut.put("validation", byCode.getOrDefault((int) Encoded.IN_VALIDATION, 0L));
    long rows = fingerprint.rows().values().stream().mapToLong(Long::longValue).sum();
    leftOut.put("core", distinct - rows - sum(byCode, Encoded.BELOW_WEIGHT));
    return leftOut;
  }

  private static long sum(Map<Integer, Long> byCode, int from) {
    return byCode.entrySet().stream()
        .filter(entry -> entry.getKey() >= from)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /**
   * The manifest of the data set.
   *
   * @param remarks what the reader remarked
   */
  Manifest manifest(
      InputReport report, PrepareSettings settings, boolean synthetic, List<String> remarks) {
    Map<String, Long> interactions = new TreeMap<>();
    for (Part part : Part.values()) {
      interactions.put(part.key(), fingerprint.rows(part));
    }
    Map<String, List<String>> source = new TreeMap<>();
    source.put("input", settings.input());
    source.put("testInput", settings.testInput());
    source.put("validationInput", settings.validationInput());
    source.put("candidatesInput", settings.candidatesInput());
    source.values().removeIf(List::isEmpty);
    return new Manifest(
        Manifest.FORMAT_VERSION,
        synthetic,
        users,
        items,
        interactions,
        fingerprint.text(),
        source,
        settings.configuration(),
        report.goodRows() + report.badRows(),
        report.bad(),
        leftOut,
        warnings(report, settings, remarks));
  }

  private List<String> warnings(
      InputReport report, PrepareSettings settings, List<String> remarks) {
    List<String> warnings = new ArrayList<>(remarks);
    warnings.addAll(InputRemarks.of(report, settings));
    if (settings.test().kind() != HoldOut.Kind.NONE && fingerprint.rows(Part.TEST) == 0) {
      warnings.add("the test part is empty: no user has enough interactions to give one away");
    }
    if (settings.validation().kind() != HoldOut.Kind.NONE
        && fingerprint.rows(Part.VALIDATION) == 0) {
      warnings.add(
          "the validation part is empty: no user has enough interactions to give one away");
    }
    if (report.badRows() > 0) {
      warnings.add(report.badRows() + " bad rows were set aside in rejected");
    }
    if (leftOut.getOrDefault("seen", 0L) > 0) {
      warnings.add(
          leftOut.get("seen")
              + " test pairs are in train or validation too and were left out of test");
    }
    return warnings;
  }
}
