package dev.coppice.job.tune;

import com.typesafe.config.ConfigUtil;
import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Manifest;
import dev.coppice.data.Part;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.train.TrainKeys;
import dev.coppice.spark.AlsKeys;
import dev.coppice.spark.LatentKeys;
import dev.coppice.spark.NeighbourKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The file {@value #FILE}: a configuration of {@code train} with the chosen settings, and in its
 * comments the figures and what they were chosen from. Nothing in it depends on time.
 */
final class TunedConf {
  static final String FILE = "tuned.conf";

  /** So many of the best candidates are told of beside each setting. */
  private static final int BEST = 5;

  private final ConfigValues values;
  private final CanonicalDataset data;
  private final Space space;
  private final List<Rung> rungs;
  private final List<Trial> trials;
  private final Trial chosen;

  /**
   * Gathers what the file tells.
   *
   * @param values the settings of the search
   * @param trials all of them
   */
  TunedConf(
      ConfigValues values,
      CanonicalDataset data,
      Space space,
      List<Rung> rungs,
      List<Trial> trials,
      Trial chosen) {
    this.values = values;
    this.data = data;
    this.space = space;
    this.rungs = rungs;
    this.trials = trials;
    this.chosen = chosen;
  }

  String text() {
    List<String> lines = new ArrayList<>();
    head().forEach(line -> lines.add(line.isEmpty() ? "#" : "# " + line));
    lines.add("");
    lines.add("train {");
    values.find(CommonKeys.WORK_DIR).ifPresent(dir -> lines.add(setting("workDir", dir)));
    lines.add(setting(TrainKeys.INPUT.name(), values.get(TrainKeys.INPUT)));
    if (values.find(CommonKeys.WORK_DIR).isEmpty()) {
      lines.add(setting(TrainKeys.MODEL.name(), values.get(TuneKeys.OUTPUT) + "-model"));
    }
    Map<String, String> fixed = new LinkedHashMap<>(space.fixed());
    fixed.putIfAbsent(LatentKeys.SEED.name(), String.valueOf(values.get(LatentKeys.SEED)));
    fixed.putIfAbsent(AlsKeys.METRIC.name(), values.get(AlsKeys.METRIC));
    lines.add("");
    lines.add("  # Not searched.");
    fixed.forEach((name, value) -> lines.add(setting(name, value)));
    lines.add("");
    lines.add("  # Chosen.");
    Map<String, String> found = chosen();
    found.keySet().removeAll(fixed.keySet());
    found.forEach(
        (name, value) -> {
          lines.add("  # " + why(name));
          lines.add(setting(name, value));
        });
    lines.add("}");
    return String.join("\n", lines) + "\n";
  }

  /** The settings that were chosen, by name, with those that the training chose itself. */
  Map<String, String> chosen() {
    Map<String, String> all = new LinkedHashMap<>();
    // In the order of the help text.
    for (ConfigKey<?> key : TuneKeys.fixable().keys()) {
      String learnt = chosen.outcome().orElseThrow().learnt().get(key.name());
      Optional.ofNullable(learnt == null ? chosen.settings().get(key.name()) : learnt)
          .ifPresent(value -> all.put(key.name(), value));
    }
    return all;
  }

  private List<String> head() {
    Manifest manifest = data.manifest();
    List<String> head = new ArrayList<>();
    head.add("Settings of train, found by tune. To train with them:");
    head.add("");
    head.add("  deploy/bin/coppice train --conf " + FILE);
    head.add("");
    head.add("For the last model, which learns from the validation part too, add");
    head.add("--set refit=true; what was measured below is without it.");
    head.add("");
    head.add(
        String.format(
            Locale.ROOT,
            "Data: %s, %,d users, %,d items, %,d interactions in train,",
            data.path(),
            manifest.users(),
            manifest.items(),
            manifest.rows(Part.TRAIN)));
    head.add(
        String.format(
            Locale.ROOT,
            "  %,d in validation (%s)",
            manifest.rows(Part.VALIDATION),
            manifest.fingerprint()));
    head.add("Measured on the validation part, " + values.get(AlsKeys.METRIC) + ":");
    head.add(figure(chosen, "these settings"));
    defaults().ifPresent(trial -> head.add(figure(trial, "the default settings")));
    double popularity = popularity(trials);
    if (Double.isFinite(popularity)) {
      head.add(String.format(Locale.ROOT, "  %.4f  the most popular items", popularity));
    }
    head.add("Trials: " + counts(rungs, trials));
    return head;
  }

  private String figure(Trial trial, String name) {
    return String.format(
        Locale.ROOT,
        "  %.4f  %s: %s, %,d bytes, %s, candidate %d (%s)",
        trial.quality(),
        name,
        trial.family().word(),
        trial.bytes(),
        rungs.get(trial.rung()).inWords(),
        trial.candidate(),
        trial.origin());
  }

  private Optional<Trial> defaults() {
    return trials.stream()
        .filter(trial -> trial.origin().equals(Space.DEFAULTS) && trial.outcome().isPresent())
        .min(Trial.BEST_FIRST)
        .filter(trial -> trial.candidate() != chosen.candidate());
  }

  /** The metric of the most popular items; NaN if no trial measured it. */
  static double popularity(List<Trial> trials) {
    return trials.stream()
        .flatMap(trial -> trial.outcome().stream())
        .mapToDouble(Trial.Outcome::popularity)
        .filter(Double::isFinite)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** How many trials there were, in words. */
  static String counts(List<Rung> rungs, List<Trial> trials) {
    String parts =
        rungs.stream()
            .map(
                rung ->
                    trials.stream().filter(trial -> trial.rung() == rung.number()).count()
                        + " at "
                        + rung.inWords())
            .collect(Collectors.joining(", "));
    long failed = trials.stream().filter(trial -> trial.outcome().isEmpty()).count();
    return trials.size() + " (" + parts + "), " + failed + " failed";
  }

  /** What a value was chosen from: what was tried, and what the best candidates had. */
  private String why(String name) {
    if (chosen.outcome().orElseThrow().learnt().containsKey(name)) {
      return "chosen by the training of the trial itself, from the data";
    }
    Optional<Dimension> searched =
        space.dimensions().stream()
            .filter(dimension -> dimension.key().name().equals(name))
            .findFirst();
    if (searched.isEmpty()) {
      return name.equals(NeighbourKeys.FAMILY.name())
          ? "the family of the best trial"
          : "of the size of the best trial";
    }
    Map<Integer, String> best = new LinkedHashMap<>();
    trials.stream()
        .filter(trial -> trial.outcome().isPresent() && trial.settings().containsKey(name))
        .sorted(Trial.BEST_FIRST)
        .forEach(
            trial ->
                best.putIfAbsent(
                    trial.candidate(),
                    String.format(
                        Locale.ROOT, "%s (%.4f)", trial.settings().get(name), trial.quality())));
    return "tried "
        + searched.get().inWords()
        + "; best: "
        + best.values().stream().limit(BEST).collect(Collectors.joining(", "));
  }

  private static String setting(String name, String value) {
    boolean plain = value.matches("[-+]?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?|true|false|[a-zA-Z]+");
    return "  " + name + " = " + (plain ? value : ConfigUtil.quoteString(value));
  }
}
