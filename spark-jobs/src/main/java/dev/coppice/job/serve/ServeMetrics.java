package dev.coppice.job.serve;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts answers, in the text form that Prometheus reads. */
final class ServeMetrics {
  private final Map<String, LongAdder> answers = new ConcurrentSkipListMap<>();
  private final Map<String, LongAdder> nanos = new ConcurrentSkipListMap<>();

  /** Counts an answer. */
  void count(String what, int status, long took) {
    String labels = "{answer=\"" + what + "\",status=\"" + status + "\"}";
    answers.computeIfAbsent(labels, key -> new LongAdder()).increment();
    nanos.computeIfAbsent("{answer=\"" + what + "\"}", key -> new LongAdder()).add(took);
  }

  /** Returns all of them, and what is served. */
  String text(LiveModel live) {
    StringBuilder text = new StringBuilder();
    head(text, "coppice_answers_total", "counter", "Answers by kind and HTTP status.");
    answers.forEach((labels, count) -> line(text, "coppice_answers_total", labels, count.sum()));
    head(text, "coppice_answer_seconds_total", "counter", "Time to make answers.");
    nanos.forEach(
        (labels, sum) -> line(text, "coppice_answer_seconds_total", labels, sum.sum() / 1e9));
    head(text, "coppice_model_since_seconds", "gauge", "When the model was taken up.");
    line(text, "coppice_model_since_seconds", "", live.now().since().getEpochSecond());
    head(text, "coppice_model_users", "gauge", "Users that the model knows.");
    line(text, "coppice_model_users", "", live.now().model().users().size());
    head(text, "coppice_model_items", "gauge", "Items of the model.");
    line(text, "coppice_model_items", "", live.now().model().items().size());
    head(text, "coppice_model_stale", "gauge", "1 if a newer file could not be taken up.");
    line(text, "coppice_model_stale", "", live.trouble().isEmpty() ? 0 : 1);
    return text.toString();
  }

  private static void head(StringBuilder text, String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void line(StringBuilder text, String name, String labels, Number value) {
    text.append(name).append(labels).append(' ').append(value).append('\n');
  }
}
