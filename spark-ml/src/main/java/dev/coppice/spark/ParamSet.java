package dev.coppice.spark;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.config.Secrets;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import scala.runtime.AbstractFunction1;

/**
 * The Params of one stage, in the order of their declaration. A Param is declared by a {@link
 * ConfigKey}, which holds its name, type, allowed values, default and documentation; the
 * configuration keys of the jobs are the same objects.
 *
 * <p>Spark finds Params by calling all methods without arguments that return one. Stages of this
 * package have public fields instead and override {@code params()} with {@link #array}.
 */
final class ParamSet implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Params owner;
  private final List<Declared> declared = new ArrayList<>();

  /** A Param and what it was made of. */
  private record Declared(Param<?> param, ConfigKey<?> key) implements Serializable {}

  /**
   * A set without Params.
   *
   * @param owner has its uid already
   */
  ParamSet(Params owner) {
    this.owner = owner;
  }

  IntParam integer(ConfigKey<Integer> key) {
    return add(key, new IntParam(owner, key.name(), doc(key), new Allowed<>(key, false)));
  }

  LongParam whole(ConfigKey<Long> key) {
    return add(key, new LongParam(owner, key.name(), doc(key), new Allowed<>(key, false)));
  }

  DoubleParam number(ConfigKey<Double> key) {
    return add(key, new DoubleParam(owner, key.name(), doc(key), new Allowed<>(key, false)));
  }

  BooleanParam flag(ConfigKey<Boolean> key) {
    BooleanParam param = new BooleanParam(owner, key.name(), doc(key));
    declared.add(new Declared(param, key));
    key.defaultValue().ifPresent(value -> owner.setDefault(param, value));
    return param;
  }

  /** A text; one without a default may be empty, and is at first. */
  Param<String> text(ConfigKey<String> key) {
    boolean optional = key.defaultValue().isEmpty();
    Param<String> param =
        new Param<>(
            owner,
            key.name(),
            doc(key) + (optional ? "; empty: none" : ""),
            new Allowed<>(key, optional));
    return add(key, param, key.defaultValue().orElse(""));
  }

  /** The name of a column that is added, which may be empty so that it is not. */
  Param<String> outputColumn(ConfigKey<String> key) {
    Param<String> param =
        new Param<>(owner, key.name(), doc(key) + "; empty: none", new Allowed<>(key, true));
    return add(key, param, key.defaultValue().orElse(""));
  }

  /** A list of texts, empty at first. */
  StringArrayParam texts(ConfigKey<List<String>> key) {
    StringArrayParam param = new StringArrayParam(owner, key.name(), doc(key));
    declared.add(new Declared(param, key));
    owner.setDefault(param, new String[0]);
    return param;
  }

  private <T, P extends Param<T>> P add(ConfigKey<?> key, P param, T first) {
    declared.add(new Declared(param, key));
    owner.setDefault(param, first);
    return param;
  }

  // Spark's number Params are Params of Object to Java.
  @SuppressWarnings("unchecked")
  private <P extends Param<?>> P add(ConfigKey<?> key, P param) {
    declared.add(new Declared(param, key));
    key.defaultValue().ifPresent(value -> owner.setDefault((Param<Object>) param, value));
    return param;
  }

  private static String doc(ConfigKey<?> key) {
    return key.doc() + (key.isAuto() ? "; not set: auto" : "") + "; allowed: " + key.allowed();
  }

  /** Returns the Params, for Spark; it may change the array. */
  Param<?>[] array() {
    return declared.stream()
        .map(Declared::param)
        .sorted((a, b) -> a.name().compareTo(b.name()))
        .toArray(Param<?>[]::new);
  }

  /** Returns what the Params were declared by, in that order. */
  List<ConfigKey<?>> keys() {
    List<ConfigKey<?>> keys = new ArrayList<>();
    declared.forEach(each -> keys.add(each.key()));
    return Collections.unmodifiableList(keys);
  }

  /** Sets every Param that {@code values} have a value for. */
  void configure(ConfigValues values) {
    for (Declared each : declared) {
      Optional<?> value = values.find(each.key());
      value.ifPresent(found -> put(owner, each.param(), found));
    }
  }

  /** Returns every value by name, as text; sorted. */
  Map<String, String> texts() {
    Map<String, String> texts = new TreeMap<>();
    for (Declared each : declared) {
      if (owner.isDefined(each.param())) {
        Object value = owner.getOrDefault(each.param());
        texts.put(
            each.param().name(),
            value instanceof String[] many ? Arrays.toString(many) : String.valueOf(value));
      }
    }
    return Collections.unmodifiableMap(texts);
  }

  /**
   * Sets a Param. Spark's own message for a bad value does not say what is allowed, this one does.
   *
   * @throws IllegalArgumentException if the value is not allowed
   */
  // A Param's type cannot be named where it is found by its name.
  @SuppressWarnings("unchecked")
  static void put(Params owner, Param<?> param, Object value) {
    Param<Object> open = (Param<Object>) param;
    Object set = value instanceof List<?> many ? many.toArray(new String[0]) : value;
    boolean valid;
    try {
      valid = set != null && (Boolean) open.isValid().apply(set);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(param.name() + ": " + e.getMessage(), e);
    }
    if (!valid) {
      throw new IllegalArgumentException(
          param.name() + " is " + Secrets.hidden(String.valueOf(set)) + "; " + param.doc());
    }
    owner.set(open, set);
  }

  /** Sets the Param that a key declares, and returns its owner. */
  // An interface's S is the type of the stage that implements it, which is the owner.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  static <S, T> S set(Params owner, ConfigKey<T> key, T value) {
    put(owner, owner.getParam(key.name()), value);
    return (S) owner;
  }

  /** Returns the value of the Param that a key declares. */
  // A Param of that name was made of that key.
  @SuppressWarnings("unchecked")
  static <T> T get(Params owner, ConfigKey<T> key) {
    return (T) owner.getOrDefault(owner.getParam(key.name()));
  }

  /** Whether a value is one of those that a key allows. */
  private static final class Allowed<T, A> extends AbstractFunction1<A, Object>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ConfigKey<T> key;
    private final boolean orEmpty;

    Allowed(ConfigKey<T> key, boolean orEmpty) {
      this.key = key;
      this.orEmpty = orEmpty;
    }

    // Spark passes what was set, which has the Param's type.
    @Override
    @SuppressWarnings("unchecked")
    public Object apply(A value) {
      return (orEmpty && "".equals(value)) || key.accepts((T) value);
    }
  }
}
