package dev.coppice.core.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The checked settings of one job. Immutable. */
public final class ConfigValues {
  private final Map<String, Object> values;
  private final Map<String, String> texts;
  private final Set<String> given;

  ConfigValues(Map<String, Object> values, Map<String, String> texts, Set<String> given) {
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    this.texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
    this.given = Set.copyOf(given);
  }

  /**
   * The value of {@code key}.
   *
   * @throws IllegalStateException if it has neither a value nor a default; use {@link #find} for
   *     such keys
   */
  public <T> T get(ConfigKey<T> key) {
    return find(key)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "key "
                        + key.name()
                        + " has neither a value nor a default, or is not in the schema that was"
                        + " resolved"));
  }

  /** The value of {@code key}, or empty if it has neither a value nor a default. */
  // A key's values are made by its own parser alone, so the type is the key's.
  @SuppressWarnings("unchecked")
  public <T> Optional<T> find(ConfigKey<T> key) {
    return Optional.ofNullable((T) values.get(key.name()));
  }

  /** Whether the user gave {@code key}, rather than leaving it to the default. */
  public boolean isGiven(ConfigKey<?> key) {
    return given.contains(key.name());
  }

  /** Every setting with its value as text, defaults included, in the order of the schema. */
  public Map<String, String> asMap() {
    return texts;
  }

  @Override
  public String toString() {
    return texts.toString();
  }
}
