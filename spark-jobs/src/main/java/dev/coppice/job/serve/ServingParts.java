package dev.coppice.job.serve;

import dev.coppice.core.serving.ServingModel;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The bytes of a serving file by what they are for. */
final class ServingParts {
  private static final String NEIGHBOURS = "neighbours";
  private static final String HISTORIES = "histories";

  private ServingParts() {}

  /** Returns the parts on one line; what is left are the header and paddings. */
  static String describe(ServingModel file) {
    Map<String, Long> parts = new LinkedHashMap<>();
    file.sectionBytes().forEach((section, bytes) -> parts.merge(part(section), bytes, Long::sum));
    return parts.entrySet().stream()
        .map(entry -> String.format(Locale.ROOT, "%s %,d", entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** Returns the bytes of the latent rows, of the neighbours and of the histories. */
  static String totals(ServingModel file) {
    long latent = 0;
    long neighbours = 0;
    long histories = 0;
    for (Map.Entry<String, Long> section : file.sectionBytes().entrySet()) {
      switch (part(section.getKey())) {
        case "user rows", "item rows", "items by column" -> latent += section.getValue();
        case NEIGHBOURS -> neighbours += section.getValue();
        case HISTORIES -> histories += section.getValue();
        default -> {
          // Ids, seen items and the Gramian belong to no part.
        }
      }
    }
    return String.format(
        Locale.ROOT,
        "latent rows %,d, neighbours %,d, histories %,d",
        latent,
        neighbours,
        histories);
  }

  private static String part(String section) {
    if (section.contains("_ID")) {
      return "ids";
    }
    return switch (section.substring(
        0, section.indexOf('_') < 0 ? section.length() : section.indexOf('_'))) {
      case "USER" -> "user rows";
      case "ITEM" -> "item rows";
      case "COLUMN" -> "items by column";
      case "SEEN" -> "seen items";
      case "NEIGHBOUR" -> NEIGHBOURS;
      case "HISTORY" -> HISTORIES;
      default -> "Gramian";
    };
  }
}
