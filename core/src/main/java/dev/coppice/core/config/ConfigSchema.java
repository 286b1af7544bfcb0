package dev.coppice.core.config;

import dev.coppice.core.error.UsageException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys that one job knows, in the order in which its help shows them. Immutable. */
public final class ConfigSchema {
  private final Map<String, ConfigKey<?>> keys;

  private ConfigSchema(Map<String, ConfigKey<?>> keys) {
    this.keys = keys;
  }

  /**
   * A schema of the given keys.
   *
   * @throws IllegalArgumentException if a name is given twice
   */
  public static ConfigSchema of(ConfigKey<?>... keys) {
    return of(List.of(keys));
  }

  /** As {@link #of(ConfigKey[])}. */
  public static ConfigSchema of(Collection<? extends ConfigKey<?>> keys) {
    Map<String, ConfigKey<?>> byName = new LinkedHashMap<>();
    for (ConfigKey<?> key : keys) {
      if (byName.put(key.name(), key) != null) {
        throw new IllegalArgumentException("key " + key.name() + " is declared twice");
      }
    }
    return new ConfigSchema(byName);
  }

  /**
   * A schema of all public constants of the given classes that are keys, in the order of the
   * source.
   */
  public static ConfigSchema declaredIn(Class<?>... holders) {
    List<ConfigKey<?>> keys = new ArrayList<>();
    for (Class<?> holder : holders) {
      for (Field field : holder.getFields()) {
        if (ConfigKey.class.equals(field.getType())) {
          try {
            keys.add((ConfigKey<?>) field.get(null));
          } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " is not accessible; make its class public", e);
          }
        }
      }
    }
    return of(keys);
  }

  /** This schema without the keys of the same names as the given ones. */
  public ConfigSchema without(ConfigKey<?>... left) {
    Map<String, ConfigKey<?>> copy = new LinkedHashMap<>(keys);
    for (ConfigKey<?> key : left) {
      copy.remove(key.name());
    }
    return new ConfigSchema(copy);
  }

  /** This schema's keys, then those of {@code other} whose names are new. */
  public ConfigSchema and(ConfigSchema other) {
    Map<String, ConfigKey<?>> both = new LinkedHashMap<>(keys);
    other.keys.forEach(both::putIfAbsent);
    return new ConfigSchema(both);
  }

  /** This schema with {@code changed} in the place of its key of the same name, or at the end. */
  public ConfigSchema with(ConfigKey<?> changed) {
    Map<String, ConfigKey<?>> copy = new LinkedHashMap<>(keys);
    copy.put(changed.name(), changed);
    return new ConfigSchema(copy);
  }

  /** The keys, in order. */
  public List<ConfigKey<?>> keys() {
    return List.copyOf(keys.values());
  }

  /** The key of that name, if this schema has one. */
  public Optional<ConfigKey<?>> key(String name) {
    return Optional.ofNullable(keys.get(name));
  }

  /** The names, in order. */
  public List<String> names() {
    return List.copyOf(keys.keySet());
  }

  /**
   * Checks all settings at once and gives them their types.
   *
   * @param settings name to text; a name that is absent takes its default
   * @throws UsageException listing every unknown name (with the nearest known one), every value
   *     that is not allowed and every required key that is missing
   */
  public ConfigValues resolve(Map<String, String> settings) {
    List<String> problems = new ArrayList<>();
    settings.keySet().stream()
        .filter(name -> !keys.containsKey(name))
        .map(name -> unknown(name, keys.keySet()))
        .forEach(problems::add);
    Map<String, Object> values = new LinkedHashMap<>();
    Map<String, String> texts = new LinkedHashMap<>();
    for (ConfigKey<?> key : keys.values()) {
      try {
        resolveOne(key, settings.get(key.name()), values, texts);
      } catch (UsageException e) {
        problems.add(e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new UsageException(String.join(System.lineSeparator(), problems));
    }
    return new ConfigValues(values, texts, settings.keySet());
  }

  private static <T> void resolveOne(
      ConfigKey<T> key, String given, Map<String, Object> values, Map<String, String> texts) {
    T value;
    if (key.isAuto() && given != null && ConfigKey.AUTO.equalsIgnoreCase(given.strip())) {
      return;
    } else if (given != null) {
      value = key.parse(given);
    } else if (key.defaultValue().isPresent()) {
      value = key.defaultValue().get();
    } else if (key.required()) {
      throw new UsageException(
          key.name()
              + " is not set: it must be "
              + key.allowed()
              + (key.doc().isEmpty() ? "" : " (" + key.doc() + ")")
              + ". Set it in the configuration file or with --set "
              + key.name()
              + "=VALUE.");
    } else {
      return;
    }
    values.put(key.name(), value);
    texts.put(key.name(), key.print(value));
  }

  /** The message for a name that is not among {@code known}. */
  public static String unknown(String name, Collection<String> known) {
    return "key "
        + name
        + " is not known. "
        + NearestName.of(name, known).map(near -> "Did you mean " + near + "? ").orElse("")
        + "Correct or remove it; --help lists the keys of a job.";
  }
}
