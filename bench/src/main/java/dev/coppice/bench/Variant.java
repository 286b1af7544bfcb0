package dev.coppice.bench;

import dev.coppice.core.error.UsageException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One system with its settings.
 *
 * @param name how it is called in the results
 * @param system what trains
 * @param settings Params by name; others keep the defaults
 */
record Variant(String name, Trainer system, Map<String, String> settings) {

  /** What trains. */
  enum Trainer {
    /** Dynamic sparse ALS. */
    COPPICE,
    /** Latent rows and neighbours; the validation part chooses. */
    RECOMMENDER,
    /** Spark MLlib's ALS. */
    MLLIB
  }

  /** Settings of Coppice on gowalla, but for rank, density and sweeps. */
  private static final String GOWALLA =
      "unobservedWeight=0.01,userDebias=0.5,itemDebias=0.3,regParam=0.007,updateRatio=0.5";

  /** Keeps its own copy of the settings, in their order. */
  Variant {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  /** Returns what is compared on gowalla unless variants are given; MLlib first. */
  static List<Variant> defaults() {
    return List.of(
        parse("MLlib-64:mllib:rank=64,maxIter=10,implicitPrefs=true,alpha=40,regParam=0.1"),
        parse("fast-256:coppice:rank=256,density=0.05,maxIter=4," + GOWALLA),
        parse("sparse-256:coppice:rank=256,density=0.05,maxIter=12," + GOWALLA),
        parse("sparse-512:coppice:rank=512,density=0.05,maxIter=12," + GOWALLA),
        parse("dense-64:coppice:rank=64,density=1,maxIter=6," + GOWALLA));
  }

  /**
   * Reads {@code name:system:key=value,key=value}.
   *
   * @throws UsageException if it is not of that form
   */
  static Variant parse(String text) {
    String[] parts = text.split(":", 3);
    if (parts.length != 3 || parts[0].isBlank()) {
      throw new UsageException(
          "variant '" + text + "' is not of the form NAME:coppice|mllib:KEY=VALUE,KEY=VALUE");
    }
    Map<String, String> settings = settings(parts[2]);
    Trainer system = system(parts[1]);
    if (system == Trainer.RECOMMENDER) {
      throw new UsageException(
          "variant '"
              + parts[0].strip()
              + "' may have neighbours, but what is compared is ranked by latent rows alone;"
              + " measure neighbours with bench/bin/quality");
    }
    return new Variant(parts[0].strip(), system, settings);
  }

  /**
   * Returns what a word stands for.
   *
   * @throws UsageException if it is not known
   */
  static Trainer system(String text) {
    for (Trainer system : Trainer.values()) {
      if (system.name().equalsIgnoreCase(text.strip())) {
        return system;
      }
    }
    throw new UsageException(
        "system '" + text + "' is unknown; allowed: coppice, recommender, mllib");
  }

  private static Map<String, String> settings(String text) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String entry : text.split(",", -1)) {
      if (entry.isBlank()) {
        continue;
      }
      int equals = entry.indexOf('=');
      if (equals < 1) {
        throw new UsageException("setting '" + entry + "' is not of the form KEY=VALUE");
      }
      settings.put(entry.substring(0, equals).strip(), entry.substring(equals + 1).strip());
    }
    return settings;
  }

  /** Returns the settings as one line. */
  String settingsLine() {
    return String.join(
        ", ", settings.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
  }

  /** Returns the text that {@link #parse} reads. */
  @Override
  public String toString() {
    return name
        + ":"
        + system.name().toLowerCase(Locale.ROOT)
        + ":"
        + settingsLine().replace(", ", ",");
  }
}
