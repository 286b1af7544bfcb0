package dev.coppice.core.serving;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.FoldInSettings;
import dev.coppice.core.table.SparseTable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a serving file says of its model.
 *
 * @param rank d, width of a row of both tables, 1 to 65,535
 * @param density share of the positions that the row of a folded-in user may fill
 * @param objective what the model minimises; unknown users are folded in with it
 * @param confidenceScale what confidences are multiplied with
 * @param meanItemDegree training interactions an item; 0 where unknown
 * @param userIds type of the users' ids
 * @param itemIds type of the items' ids
 * @param fingerprint of the training data; may be empty
 * @param neighbours whether items have neighbours, and users histories
 * @param labels what else is to be said of the file, by name; may be empty
 */
public record ServingInfo(
    int rank,
    double density,
    AlsObjective objective,
    double confidenceScale,
    double meanItemDegree,
    IdKind userIds,
    IdKind itemIds,
    String fingerprint,
    boolean neighbours,
    Map<String, String> labels) {
  private static final String LABEL = "label.";

  /**
   * Keeps its own copy of the labels and checks what the file cannot hold.
   *
   * @throws IllegalArgumentException if the rank is out of range, the fingerprint or a label has
   *     line breaks, or a label's name an equals sign
   */
  public ServingInfo {
    if (rank < 1 || rank > SparseTable.MAX_RANK) {
      throw new IllegalArgumentException(
          "rank is " + rank + "; it must lie between 1 and " + SparseTable.MAX_RANK);
    }
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    checkLine("fingerprint", fingerprint);
    labels.forEach(
        (name, value) -> {
          checkLine("label " + name, name.replace('=', '\n') + value);
        });
  }

  private static void checkLine(String what, String text) {
    if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
      throw new IllegalArgumentException(what + " has a line break, or '=' in its name");
    }
  }

  /** Returns what folding users in needs to know, for a number of items. */
  public FoldInSettings foldIn(long items) {
    return new FoldInSettings(rank, density, objective, confidenceScale, meanItemDegree, items);
  }

  /** Returns the settings of a file about this, to be added to. */
  Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("rank", Integer.toString(rank));
    settings.put("density", Double.toString(density));
    settings.put("feedback", objective.feedback().name());
    settings.put("unobservedWeight", Double.toString(objective.unobservedWeight()));
    settings.put("alpha", Double.toString(objective.alpha()));
    settings.put("regParam", Double.toString(objective.regParam()));
    settings.put("regExponent", Double.toString(objective.regExponent()));
    settings.put("userDebias", Double.toString(objective.userDebias()));
    settings.put("itemDebias", Double.toString(objective.itemDebias()));
    if (objective.itemBias()) {
      settings.put(HeaderSettings.ITEM_BIAS, "true");
    }
    if (objective.nonnegative()) {
      settings.put(HeaderSettings.NONNEGATIVE, "true");
    }
    settings.put("confidenceScale", Double.toString(confidenceScale));
    settings.put("meanItemDegree", Double.toString(meanItemDegree));
    settings.put("userIds", userIds.key());
    settings.put("itemIds", itemIds.key());
    settings.put("fingerprint", fingerprint);
    if (neighbours) {
      settings.put(HeaderSettings.NEIGHBOURS, "true");
    }
    labels.forEach((name, value) -> settings.put(LABEL + name, value));
    return settings;
  }

  /** Reads what {@link #settings} wrote. */
  static ServingInfo of(HeaderSettings settings) {
    Map<String, String> labels = new TreeMap<>();
    settings
        .values()
        .forEach(
            (name, value) -> {
              if (name.startsWith(LABEL)) {
                labels.put(name.substring(LABEL.length()), value);
              }
            });
    return new ServingInfo(
        settings.whole("rank"),
        settings.number("density"),
        new AlsObjective(
            AlsObjective.Feedback.valueOf(settings.text("feedback")),
            settings.number("unobservedWeight"),
            settings.number("alpha"),
            settings.number("regParam"),
            settings.number("regExponent"),
            settings.number("userDebias"),
            settings.number("itemDebias"),
            settings.itemBias(),
            settings.nonnegative()),
        settings.number("confidenceScale"),
        settings.number("meanItemDegree"),
        IdKind.parse(settings.text("userIds")),
        IdKind.parse(settings.text("itemIds")),
        settings.text("fingerprint"),
        settings.neighbours(),
        labels);
  }
}
