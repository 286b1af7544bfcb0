package dev.coppice.observe;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something that happened in a run. Immutable.
 *
 * @param type what it is
 * @param time when
 * @param job name of the job
 * @param fields what belongs to the type: texts, numbers, maps of them; no null values
 */
public record Event(Type type, Instant time, String job, Map<String, Object> fields) {

  /** What can happen; the name in lower case is the one in files. */
  public enum Type {
    /** A job begins: {@code configuration}, {@code runId}, {@code version}, {@code spark}. */
    START,
    /** A phase begins: {@code phase}. */
    PHASE,
    /** A phase ended: {@code phase}, {@code seconds}, {@code ok}. */
    PHASE_END,
    /** The sizes of the tables are known: {@code tableWeights}, {@code tableBytes} and others. */
    PLAN,
    /** A sweep of training ended: {@code sweep}, {@code loss}, {@code metrics} and others. */
    SWEEP,
    /**
     * Weights were pruned and regrown in a sweep: {@code sweep}, {@code updateRatio} and others.
     */
    EXPLORATION,
    /** State was to be made durable: {@code sweep}, {@code ok}, {@code seconds}, {@code place}. */
    CHECKPOINT,
    /** Training ended: {@code bestSweep}, {@code metrics}, {@code model} and others. */
    TRAINED,
    /** The gate looked: {@code passed} and the figures. */
    GATE,
    /** A model was published: {@code runId}, {@code sequence}, {@code model}. */
    PUBLISHED,
    /** The gate kept a model out: {@code runId}, {@code model}. */
    REFUSED,
    /** The job ended: {@code exitCode}, {@code seconds}, perhaps {@code error}. */
    END;

    /** The name in files. */
    public String key() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }

  /** Keeps its own copy, in the same order. */
  public Event {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }
}
