package dev.coppice.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes the measurements of {@link Serving} down. */
final class ServingReport {
  private final String command;
  private final Map<String, String> facts;
  private final int answers;
  private final int k;
  private final List<ServingMeasurement> measured;

  ServingReport(
      String command,
      Map<String, String> facts,
      int answers,
      int k,
      List<ServingMeasurement> measured) {
    this.command = command;
    this.facts = facts;
    this.answers = answers;
    this.k = k;
    this.measured = measured;
  }

  /** Returns the section. */
  String markdown() {
    StringBuilder text = new StringBuilder("## Serving from a flat file\n\n");
    text.append("`").append(command).append("`\n\n");
    text.append(Markdown.facts(facts)).append(".\n\n");
    text.append(
        "Lists of "
            + k
            + ", from id to ids; "
            + answers
            + " answers timed one by one after a warm-up. \"known user\" leaves seen items out;"
            + " \"fold-in\" solves the row first; \"dense\" is `sgemv` over a dense item table and"
            + " the same heap, without ids and without seen items. Microseconds.\n\n");
    List<List<String>> rows = new ArrayList<>();
    for (ServingMeasurement m : measured) {
      for (ServingMeasurement.Answer answer : m.answers()) {
        rows.add(
            List.of(
                m.name() + ", " + answer.what(),
                answer.what().startsWith("dense") ? "32" : String.valueOf(m.bits()),
                String.valueOf(answer.threads()),
                Markdown.number(answer.latency().p50(), 0),
                Markdown.number(answer.latency().p99(), 0),
                Markdown.number(answer.latency().perSecond(), 0)));
      }
    }
    text.append(
        Markdown.table(
            List.of("answer", "bits", "threads", "p50", "p99", "answers a second"), rows));
    text.append(
        "\n"
            + "Files; milliseconds. \"open\" is the median of 21, with the file in the page"
            + " cache.\n\n");
    List<List<String>> files = new ArrayList<>();
    for (ServingMeasurement m : measured) {
      files.add(
          List.of(
              m.name(),
              String.valueOf(m.bits()),
              Markdown.megabytes(m.bytes()),
              Markdown.number(m.firstOpen(), 2),
              Markdown.number(m.open(), 2),
              Markdown.number(m.verify(), 1)));
    }
    text.append(
        Markdown.table(List.of("file", "bits", "MB", "first open", "open", "full check"), files));
    errors(text);
    return text.toString();
  }

  private void errors(StringBuilder text) {
    List<List<String>> rows = new ArrayList<>();
    for (ServingMeasurement m : measured) {
      if (m.bits() == 32 && m.error() != null) {
        rows.add(
            List.of(
                m.name(),
                scientific(m.error().half()),
                scientific(m.error().bfloat()),
                scientific(m.error().fixed())));
      }
    }
    if (!rows.isEmpty()) {
      text.append("\nRelative root mean square error of item weights in 16 bits.\n\n");
      text.append(
          Markdown.table(List.of("model", "half with a scale", "bfloat16", "fixed point"), rows));
    }
  }

  private static String scientific(double value) {
    return String.format(Locale.ROOT, "%.1e", value);
  }

  /** Returns everything for a JSON file. */
  Map<String, Object> json() {
    List<Map<String, Object>> files = new ArrayList<>();
    for (ServingMeasurement m : measured) {
      Map<String, Object> file = new LinkedHashMap<>();
      file.put("name", m.name());
      file.put("bits", m.bits());
      file.put("bytes", m.bytes());
      file.put("firstOpenMillis", m.firstOpen());
      file.put("openMillis", m.open());
      file.put("verifyMillis", m.verify());
      List<Map<String, Object>> list = new ArrayList<>();
      for (ServingMeasurement.Answer answer : m.answers()) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("answer", answer.what());
        one.put("threads", answer.threads());
        one.put("p50Micros", answer.latency().p50());
        one.put("p99Micros", answer.latency().p99());
        one.put("perSecond", answer.latency().perSecond());
        list.add(one);
      }
      file.put("answers", list);
      files.add(file);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("command", command);
    all.put("machine", facts);
    all.put("answers", answers);
    all.put("k", k);
    all.put("files", files);
    return all;
  }
}
