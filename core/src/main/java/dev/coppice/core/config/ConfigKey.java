package dev.coppice.core.config;

import dev.coppice.core.error.UsageException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * One declared setting: name, type, allowed values, default and documentation. Immutable; the
 * {@code with...} methods give changed copies.
 *
 * <pre>{@code
 * static final ConfigKey<Double> DENSITY =
 *     ConfigKey.number("density", Range.above(0, 1))
 *         .withDefault(0.05)
 *         .withDoc("stored weights, as a share of rank * rows");
 * }</pre>
 *
 * @param <T> the type of a resolved value; immutable
 */
public final class ConfigKey<T> implements Serializable {
  /** How a file says that a value is to be chosen from the data. */
  public static final String AUTO = "auto";

  private static final long serialVersionUID = 1L;

  private final String name;
  private final String allowed;
  private final Step<String, Optional<T>> parser;
  private final Step<T, String> printer;

  // Boxed numbers, texts, enums and lists of these: all of them can be written.
  @SuppressWarnings("serial")
  private final T defaultValue;

  private final boolean required;
  private final boolean path;
  private final boolean auto;
  private final String doc;

  /** Whether a value is allowed. */
  public interface Check<T> extends Predicate<T>, Serializable {}

  /** A function that can be written, as a stage of Spark ML has to be with its settings. */
  private interface Step<A, B> extends Function<A, B>, Serializable {}

  private ConfigKey(
      String name,
      String allowed,
      Step<String, Optional<T>> parser,
      Step<T, String> printer,
      T defaultValue,
      boolean required,
      boolean path,
      boolean auto,
      String doc) {
    this.name = Objects.requireNonNull(name, "name");
    this.allowed = allowed;
    this.parser = parser;
    this.printer = printer;
    this.defaultValue = defaultValue;
    this.required = required;
    this.path = path;
    this.auto = auto;
    this.doc = doc;
  }

  private static <T> ConfigKey<T> declare(
      String name, String allowed, Step<String, Optional<T>> parser) {
    return new ConfigKey<>(name, allowed, parser, String::valueOf, null, false, false, false, "");
  }

  /** A whole number from {@code low} to {@code high}, both allowed. */
  public static ConfigKey<Integer> integer(String name, int low, int high) {
    return declare(
        name,
        wholeNumber(low, high, high == Integer.MAX_VALUE),
        text -> parseLong(text, low, high).map(Math::toIntExact));
  }

  /** A whole number from {@code low} to {@code high}, both allowed. */
  public static ConfigKey<Long> whole(String name, long low, long high) {
    return declare(
        name, wholeNumber(low, high, high == Long.MAX_VALUE), text -> parseLong(text, low, high));
  }

  private static String wholeNumber(long low, long high, boolean open) {
    return open
        ? low == Long.MIN_VALUE ? "a whole number" : "a whole number of at least " + low
        : "a whole number from " + low + " to " + high;
  }

  /** A finite number inside {@code range}. */
  public static ConfigKey<Double> number(String name, Range range) {
    return declare(
        name, "a number " + range.inWords(), text -> parseDouble(text).filter(range::contains));
  }

  /** {@code true} or {@code false}. */
  public static ConfigKey<Boolean> flag(String name) {
    return declare(name, "true or false", ConfigKey::parseFlag);
  }

  /** Any text that is not blank, kept as it is. */
  public static ConfigKey<String> text(String name) {
    return declare(
        name, "any text that is not blank", text -> Optional.of(text).filter(t -> !t.isBlank()));
  }

  /** A regular expression of at least {@code groups} groups. */
  public static ConfigKey<Pattern> pattern(String name, int groups) {
    return declare(
        name,
        "a regular expression with " + groups + (groups == 1 ? " group" : " groups"),
        text -> parsePattern(text).filter(found -> found.matcher("").groupCount() >= groups));
  }

  /** A path or URI that the cluster's file systems understand, without a password. */
  public static ConfigKey<String> path(String name) {
    return new ConfigKey<>(
        name,
        "a path or URI",
        text -> Optional.of(text.strip()).filter(t -> !t.isEmpty() && !Secrets.isIn(t)),
        String::valueOf,
        null,
        false,
        true,
        false,
        "");
  }

  /** One of the given words; upper and lower case mean the same. */
  public static ConfigKey<String> oneOf(String name, String... words) {
    List<String> choices = List.of(words);
    return declare(
        name,
        "one of " + String.join(", ", choices),
        text -> choices.stream().filter(word -> word.equalsIgnoreCase(text.strip())).findFirst());
  }

  /** A constant of {@code type}, written in lower case with hyphens for underscores. */
  public static <E extends Enum<E>> ConfigKey<E> oneOf(String name, Class<E> type) {
    List<E> choices = List.of(type.getEnumConstants());
    ConfigKey<E> key =
        declare(
            name,
            "one of " + String.join(", ", choices.stream().map(ConfigKey::word).toList()),
            text ->
                choices.stream()
                    .filter(
                        choice ->
                            word(choice).equals(word(text))
                                // Accepts updateSchedule as well as update-schedule.
                                || word(choice).replace("-", "").equals(word(text)))
                    .findFirst());
    return new ConfigKey<>(
        name, key.allowed, key.parser, ConfigKey::word, null, false, false, false, "");
  }

  /** A list of whole numbers from {@code low} to {@code high}, separated by commas; not empty. */
  public static ConfigKey<List<Integer>> integers(String name, int low, int high) {
    ConfigKey<List<Integer>> key =
        declare(
            name,
            "a comma-separated list of whole numbers from " + low + " to " + high,
            text -> parseList(text, part -> parseLong(part, low, high).map(Math::toIntExact)));
    return key.printedAsList();
  }

  /** A list of words, separated by commas; not empty, no word blank. */
  public static ConfigKey<List<String>> texts(String name) {
    ConfigKey<List<String>> key =
        declare(
            name,
            "a comma-separated list of words",
            text -> parseList(text, part -> Optional.of(part).filter(p -> !p.isEmpty())));
    return key.printedAsList();
  }

  /** Paths, URIs or globs, separated by commas; not empty, none blank or with a password. */
  public static ConfigKey<List<String>> paths(String name) {
    ConfigKey<List<String>> list = texts(name);
    return new ConfigKey<>(
        name,
        "a comma-separated list of paths or URIs",
        text -> Optional.of(text).filter(t -> !Secrets.isIn(t)).flatMap(list.parser),
        list.printer,
        null,
        false,
        true,
        false,
        "");
  }

  private ConfigKey<T> printedAsList() {
    return new ConfigKey<>(
        name,
        allowed,
        parser,
        value -> String.join(",", ((List<?>) value).stream().map(String::valueOf).toList()),
        defaultValue,
        required,
        path,
        auto,
        doc);
  }

  /** The same key with a default; {@code value} is checked like a given one. */
  public ConfigKey<T> withDefault(T value) {
    ConfigKey<T> key =
        new ConfigKey<>(
            name, allowed, parser, printer, Objects.requireNonNull(value), false, path, false, doc);
    key.parse(printer.apply(value));
    return key;
  }

  /** The same key, which a configuration has to give. */
  public ConfigKey<T> asRequired() {
    return new ConfigKey<>(name, allowed, parser, printer, null, true, path, false, doc);
  }

  /**
   * The same key, for which something is chosen from the data where it is not given, or given as
   * {@value #AUTO}.
   */
  public ConfigKey<T> asAuto() {
    return new ConfigKey<>(name, allowed, parser, printer, null, false, path, true, doc);
  }

  /** The same key with its documentation: what it means, in which unit. */
  public ConfigKey<T> withDoc(String text) {
    return new ConfigKey<>(
        name, allowed, parser, printer, defaultValue, required, path, auto, text);
  }

  /**
   * The same key with fewer allowed values.
   *
   * @param also what a value must be as well
   * @param inWords the allowed values in words
   */
  public ConfigKey<T> where(Check<T> also, String inWords) {
    Step<String, Optional<T>> before = parser;
    return new ConfigKey<>(
        name,
        inWords,
        text -> before.apply(text).filter(also),
        printer,
        defaultValue,
        required,
        path,
        auto,
        doc);
  }

  /** Whether a value that is not text is allowed. */
  public boolean accepts(T value) {
    return parser.apply(printer.apply(value)).filter(value::equals).isPresent();
  }

  /** The name as written in configuration files. */
  public String name() {
    return name;
  }

  /** The allowed values in words, such as {@code a number above 0 and at most 1}. */
  public String allowed() {
    return allowed;
  }

  /** What the setting means; empty if not documented. */
  public String doc() {
    return doc;
  }

  /** The value taken when none is given, if there is one. */
  public Optional<T> defaultValue() {
    return Optional.ofNullable(defaultValue);
  }

  /** The default as it would be written in a file, if there is one. */
  public Optional<String> defaultText() {
    return auto ? Optional.of(AUTO) : defaultValue().map(printer);
  }

  /** Whether a value is chosen from the data where none is given. */
  public boolean isAuto() {
    return auto;
  }

  /** Whether the values are paths or URIs, so that a relative one needs a place to start from. */
  public boolean isPath() {
    return path;
  }

  /** Whether a configuration must give this key. */
  public boolean required() {
    return required;
  }

  /**
   * Reads one value.
   *
   * @throws UsageException if {@code text} is not an allowed value
   */
  public T parse(String text) {
    if (path && Secrets.isIn(text)) {
      throw new UsageException(
          name
              + " = \""
              + shortened(Secrets.hidden(text))
              + "\" holds a password, which would be printed and saved with results. Leave it out"
              + " of the address, and give it to the file system as --conf spark.hadoop.... or by a"
              + " Hadoop credential provider.");
    }
    return parser
        .apply(text)
        .orElseThrow(
            () ->
                new UsageException(
                    name
                        + " = \""
                        + shortened(text)
                        + "\" is not allowed: it must be "
                        + allowed
                        + ". "
                        + remedy()));
  }

  /** Writes a value as {@link #parse} reads it. */
  String print(T value) {
    return printer.apply(value);
  }

  String remedy() {
    return defaultText()
        .map(text -> "Change it, or leave it out for the default " + text + ".")
        .orElse(required ? "Change it." : "Change it, or leave it out.");
  }

  @Override
  public String toString() {
    return name;
  }

  private static String shortened(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "...";
  }

  private static String word(Object value) {
    return String.valueOf(value).strip().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Optional<Pattern> parsePattern(String text) {
    try {
      return Optional.of(Pattern.compile(text));
    } catch (PatternSyntaxException e) {
      return Optional.empty();
    }
  }

  private static Optional<Boolean> parseFlag(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private static Optional<Long> parseLong(String text, long low, long high) {
    try {
      long value = Long.parseLong(text.strip());
      return value >= low && value <= high ? Optional.of(value) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Double> parseDouble(String text) {
    String number = text.strip();
    // Double.parseDouble also takes "1d", "1f" and hexadecimal numbers, which are typing errors
    // here.
    if (!number.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?")) {
      return Optional.empty();
    }
    return Optional.of(Double.parseDouble(number));
  }

  private static <P> Optional<List<P>> parseList(
      String text, Function<String, Optional<P>> parser) {
    List<P> values = new ArrayList<>();
    for (String part : Arrays.asList(text.split(",", -1))) {
      Optional<P> value = parser.apply(part.strip());
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values.add(value.get());
    }
    return Optional.of(List.copyOf(values));
  }
}
