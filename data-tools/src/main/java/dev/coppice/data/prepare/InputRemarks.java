package dev.coppice.data.prepare;

import dev.coppice.data.prepare.InputReport.Range;
import dev.coppice.data.read.BadRow;
import dev.coppice.data.read.EpochUnits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What looks wrong in rows that can all be read, each with its likely cause. */
final class InputRemarks {
  /** Seconds in 2001: weights that are all greater are rather times. */
  private static final double TIME_LIKE = 1e9;

  private InputRemarks() {}

  /** The remarks on good rows. */
  static List<String> of(InputReport report, PrepareSettings settings) {
    List<String> remarks = new ArrayList<>();
    long headers = report.passedOver().getOrDefault(BadRow.REPEATED_HEADER.key(), 0L);
    if (headers > 0) {
      remarks.add(
          headers
              + (headers == 1
                  ? " line repeats its file's header and was"
                  : " lines repeat their" + " file's header and were")
              + " passed over");
    }
    addTimes(report.times(), settings, remarks);
    addWeights(report.weights(), settings, remarks);
    for (Map.Entry<String, Long> id : report.doubtfulIds().entrySet()) {
      String rows = id.getValue() + (id.getValue() == 1 ? " row has the " : " rows have the ");
      remarks.add(
          id.getKey().indexOf('\uFFFD') >= 0
              ? rows + id.getKey() + ", of which a character was lost before Coppice read it"
              : rows
                  + id.getKey()
                  + ", which often means that there is none: if so, name it in nullValue, and the"
                  + " rows are bad rows");
    }
    return remarks;
  }

  private static void addTimes(Range times, PrepareSettings settings, List<String> remarks) {
    if (times.isEmpty()) {
      return;
    }
    String format = settings.reading().timeFormat();
    String span =
        "times lie between "
            + EpochUnits.day((long) times.least())
            + " and "
            + EpochUnits.day((long) times.greatest());
    EpochUnits.likelier(format, (long) times.least(), (long) times.greatest())
        .ifPresentOrElse(
            unit ->
                remarks.add(
                    span
                        + ", read as "
                        + format
                        + ": they are likely "
                        + unit
                        + ", so set timeFormat = "
                        + unit),
            () -> {
              if (EpochUnits.isFar(times.greatest())) {
                remarks.add(span + ": check timeFormat and the latest of them");
              }
            });
  }

  private static void addWeights(Range weights, PrepareSettings settings, List<String> remarks) {
    String column = settings.reading().columns().weight();
    if (column == null || weights.isEmpty()) {
      return;
    }
    if (weights.least() == 0 && weights.greatest() == 0) {
      remarks.add(
          "all weights are 0, so that there is nothing to learn from them: check weightCol = "
              + column);
    } else if (weights.least() >= TIME_LIKE) {
      remarks.add("all weights are beyond 1e9, as times are: check weightCol = " + column);
    }
  }

  /** What bad rows of one kind most likely need, a sentence and a blank, or nothing. */
  static String remedy(InputReport report, PrepareSettings settings) {
    StringBuilder remedy = new StringBuilder();
    if (report.bad().containsKey(BadRow.BAD_ENCODING.key())) {
      remedy
          .append("Text in another encoding than ")
          .append(settings.reading().format().isText() ? settings.reading().encoding() : "UTF-8")
          .append(
              settings.reading().format().isText()
                  ? " needs encoding, such as windows-1252 or ISO-8859-1. "
                  : " has to be converted. ");
    }
    if (report.bad().containsKey(BadRow.NEGATIVE_WEIGHT.key())) {
      remedy.append("Ratings below 0, for implicitPrefs = false, need negativeWeights = true. ");
    }
    return remedy.toString();
  }
}
