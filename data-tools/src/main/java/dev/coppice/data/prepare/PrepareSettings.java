package dev.coppice.data.prepare;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.UsageException;
import dev.coppice.data.read.Columns;
import dev.coppice.data.read.InputFormat;
import dev.coppice.data.read.ReadSettings;
import dev.coppice.data.read.TextTable;
import dev.coppice.data.read.TimeFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The checked settings of one {@code prepare}. Immutable.
 *
 * @param input paths of the train part
 * @param output directory of the data set
 * @param reading how inputs are read
 * @param duplicates what happens to several rows of one pair
 * @param minWeight the least weight of a pair
 * @param minUserInteractions the least degree of a user
 * @param minItemInteractions the least degree of an item
 * @param test what goes to test
 * @param testInput paths of the test part, for {@link HoldOut.Kind#FILES}
 * @param validation what goes to validation, of that which test leaves
 * @param validationInput paths of the validation part, for {@link HoldOut.Kind#FILES}
 * @param candidatesInput paths of lists of negatives
 * @param seed seed of the ratio splits
 * @param maxBadRows how many bad rows are put up with
 * @param previous an earlier data set whose indices stay
 * @param overwrite whether an older data set at the output may be replaced
 * @param configuration every setting as text
 */
public record PrepareSettings(
    List<String> input,
    String output,
    ReadSettings reading,
    Duplicates duplicates,
    float minWeight,
    int minUserInteractions,
    int minItemInteractions,
    HoldOut test,
    List<String> testInput,
    HoldOut validation,
    List<String> validationInput,
    List<String> candidatesInput,
    long seed,
    long maxBadRows,
    Optional<String> previous,
    boolean overwrite,
    Map<String, String> configuration) {

  /**
   * Resolves settings given as text.
   *
   * @throws UsageException if a key is unknown, a value not allowed or a combination senseless
   */
  public static PrepareSettings of(Map<String, String> settings) {
    return of(PrepareKeys.SCHEMA.resolve(settings));
  }

  /** Resolves values that were checked one by one against {@link PrepareKeys#SCHEMA}. */
  public static PrepareSettings of(ConfigValues values) {
    InputFormat format = values.get(PrepareKeys.FORMAT);
    TimeFormat.check(values.get(PrepareKeys.TIME_FORMAT));
    InputPlaces places = new InputPlaces(values);
    HoldOut test =
        holdOut(
            values,
            PrepareKeys.SPLIT,
            PrepareKeys.TEST_RATIO,
            PrepareKeys.TEST_LAST,
            PrepareKeys.TEST_TIME,
            places.part(PrepareKeys.TEST_INPUT, PrepareKeys.TEST_FILE),
            PrepareKeys.TEST_INPUT);
    HoldOut validation =
        holdOut(
            values,
            PrepareKeys.VALIDATION,
            PrepareKeys.VALIDATION_RATIO,
            PrepareKeys.VALIDATION_LAST,
            PrepareKeys.VALIDATION_TIME,
            places.part(PrepareKeys.VALIDATION_INPUT, PrepareKeys.VALIDATION_FILE),
            PrepareKeys.VALIDATION_INPUT);
    Duplicates duplicates = values.get(PrepareKeys.DUPLICATES);
    checkForm(values, format);
    checkTime(values, format, test, validation, duplicates);
    checkFiles(values, test, validation);
    boolean needsTime =
        test.needsTime()
            || validation.needsTime()
            || (duplicates == Duplicates.LAST && values.find(PrepareKeys.TIME_COL).isPresent());
    boolean header = values.find(PrepareKeys.HEADER).orElse(format == InputFormat.CSV);
    return new PrepareSettings(
        places.input(),
        values.get(PrepareKeys.OUTPUT),
        new ReadSettings(
            format,
            delimiter(values, format),
            quote(values, format),
            header,
            values.isGiven(PrepareKeys.HEADER),
            values.get(PrepareKeys.ENCODING).strip(),
            columns(values, format, header),
            values.find(PrepareKeys.GROUP_FROM_PATH).orElse(null),
            values.get(PrepareKeys.TIME_FORMAT),
            needsTime,
            values.find(PrepareKeys.NULL_VALUE).orElse(List.of()),
            values.get(PrepareKeys.NEGATIVE_WEIGHTS)),
        duplicates,
        minWeight(values),
        values.get(PrepareKeys.MIN_USER_INTERACTIONS),
        values.get(PrepareKeys.MIN_ITEM_INTERACTIONS),
        test,
        test.kind() == HoldOut.Kind.FILES
            ? places.part(PrepareKeys.TEST_INPUT, PrepareKeys.TEST_FILE)
            : List.of(),
        validation,
        validation.kind() == HoldOut.Kind.FILES
            ? places.part(PrepareKeys.VALIDATION_INPUT, PrepareKeys.VALIDATION_FILE)
            : List.of(),
        values.find(PrepareKeys.CANDIDATES_INPUT).orElse(List.of()),
        values.get(PrepareKeys.SEED),
        values.get(PrepareKeys.MAX_BAD_ROWS),
        values.find(PrepareKeys.PREVIOUS),
        values.get(PrepareKeys.OVERWRITE),
        Map.copyOf(values.asMap()));
  }

  /** Whether the k-core leaves anything out. */
  public boolean hasCore() {
    return minUserInteractions > 1 || minItemInteractions > 1;
  }

  private static HoldOut holdOut(
      ConfigValues values,
      ConfigKey<HoldOut.Kind> kindKey,
      ConfigKey<Double> ratio,
      ConfigKey<Integer> last,
      ConfigKey<String> time,
      List<String> files,
      ConfigKey<List<String>> input) {
    HoldOut.Kind kind = values.get(kindKey);
    refuseUnless(values, ratio, kind == HoldOut.Kind.RATIO, kindKey, "ratio");
    refuseUnless(values, last, kind == HoldOut.Kind.LEAVE_LAST, kindKey, "leave-last");
    refuseUnless(values, time, kind == HoldOut.Kind.TIME, kindKey, "time");
    refuseUnless(values, input, kind == HoldOut.Kind.FILES, kindKey, "files");
    if (kind == HoldOut.Kind.FILES && files.isEmpty()) {
      throw missing(kindKey.name() + " = files", input);
    }
    long cut = kind == HoldOut.Kind.TIME ? cut(values, kindKey, time) : 0;
    return new HoldOut(kind, values.get(ratio), values.get(last), cut);
  }

  private static long cut(
      ConfigValues values, ConfigKey<HoldOut.Kind> kindKey, ConfigKey<String> key) {
    String text = values.find(key).orElseThrow(() -> missing(kindKey.name() + " = time", key));
    String format = values.get(PrepareKeys.TIME_FORMAT);
    Long cut = new TimeFormat(format).parse(text);
    if (cut == null) {
      throw new UsageException(
          key.name()
              + " = \""
              + text
              + "\" is not a time of timeFormat = "
              + format
              + ". Write it as the input writes its times.");
    }
    return cut;
  }

  private static void refuseUnless(
      ConfigValues values,
      ConfigKey<?> key,
      boolean used,
      ConfigKey<HoldOut.Kind> kindKey,
      String kind) {
    if (!used && values.isGiven(key)) {
      throw new UsageException(
          key.name()
              + " has an effect only with "
              + kindKey.name()
              + " = "
              + kind
              + ", and "
              + kindKey.name()
              + " is "
              + values.asMap().get(kindKey.name())
              + ". Set "
              + kindKey.name()
              + " or remove "
              + key.name()
              + ".");
    }
  }

  private static float minWeight(ConfigValues values) {
    boolean all =
        values.get(PrepareKeys.NEGATIVE_WEIGHTS) && !values.isGiven(PrepareKeys.MIN_WEIGHT);
    return all ? Float.NEGATIVE_INFINITY : values.get(PrepareKeys.MIN_WEIGHT).floatValue();
  }

  private static UsageException missing(String why, ConfigKey<?> key) {
    return new UsageException(why + " needs " + key.name() + " (" + key.doc() + "). Set it.");
  }

  private static void checkForm(ConfigValues values, InputFormat format) {
    String form = values.asMap().get(PrepareKeys.FORMAT.name());
    if (!format.isDelimited()) {
      for (ConfigKey<?> key :
          List.of(PrepareKeys.DELIMITER, PrepareKeys.HEADER, PrepareKeys.QUOTE)) {
        refuse(values, key, form);
      }
    }
    if (!format.isText()) {
      refuse(values, PrepareKeys.ENCODING, form);
    }
    if (format == InputFormat.TABLE) {
      refuse(values, PrepareKeys.GROUP_FROM_PATH, form);
    }
    if (values.isGiven(PrepareKeys.GROUP_FROM_PATH) && values.isGiven(PrepareKeys.GROUP_COL)) {
      throw new UsageException(
          "groupCol and groupFromPath both say where the group is. Remove one of them.");
    }
    if (format.hasFixedColumns()) {
      for (ConfigKey<?> key :
          List.of(
              PrepareKeys.USER_COL,
              PrepareKeys.ITEM_COL,
              PrepareKeys.WEIGHT_COL,
              PrepareKeys.TIME_COL,
              PrepareKeys.GROUP_COL,
              PrepareKeys.NULL_VALUE,
              PrepareKeys.NEGATIVE_WEIGHTS)) {
        refuse(values, key, form);
      }
    }
    if (format == InputFormat.DELIMITED && values.find(PrepareKeys.DELIMITER).isEmpty()) {
      throw missing("format = delimited", PrepareKeys.DELIMITER);
    }
  }

  private static void refuse(ConfigValues values, ConfigKey<?> key, String form) {
    if (values.isGiven(key)) {
      throw new UsageException(
          key.name() + " has no meaning for format = " + form + ". Remove it, or set format.");
    }
  }

  private static void checkTime(
      ConfigValues values,
      InputFormat format,
      HoldOut test,
      HoldOut validation,
      Duplicates duplicates) {
    if (values.find(PrepareKeys.TIME_COL).isPresent()) {
      return;
    }
    if (test.needsTime()) {
      throw missing("split = " + values.asMap().get("split"), PrepareKeys.TIME_COL);
    }
    if (validation.needsTime()) {
      throw missing("validation = " + values.asMap().get("validation"), PrepareKeys.TIME_COL);
    }
    if (duplicates == Duplicates.LAST && format == InputFormat.TABLE) {
      // The rows of a table have no order that would make one of them the last.
      throw missing("duplicates = last of a table", PrepareKeys.TIME_COL);
    }
  }

  private static void checkFiles(ConfigValues values, HoldOut test, HoldOut validation) {
    boolean files = test.kind() == HoldOut.Kind.FILES;
    if (values.find(PrepareKeys.CANDIDATES_INPUT).isPresent() && !files) {
      throw new UsageException(
          "candidatesInput lists negatives for a given test part, so it needs split = files.");
    }
    boolean core =
        values.get(PrepareKeys.MIN_USER_INTERACTIONS) > 1
            || values.get(PrepareKeys.MIN_ITEM_INTERACTIONS) > 1;
    if (core && (files || validation.kind() == HoldOut.Kind.FILES)) {
      throw new UsageException(
          "minUserInteractions and minItemInteractions would tear holes into parts that are given"
              + " as files. Remove them, or let a rule split the data (split = ratio, leave-last or"
              + " time).");
    }
    if (validation.kind() == HoldOut.Kind.FILES && test.isRule()) {
      throw new UsageException(
          "validation = files needs split = files or none, so that the given pairs cannot fall into"
              + " the test part. Set split, or let a rule choose the validation part.");
    }
  }

  /** The delimiter that the settings of a delimited form come to. */
  public static String delimiter(ConfigValues values, InputFormat format) {
    String fallback = format == InputFormat.TSV ? "\t" : ",";
    return values.find(PrepareKeys.DELIMITER).map(TextTable::delimiter).orElse(fallback);
  }

  /**
   * The quote character that settings come to, or null for none.
   *
   * @throws UsageException if it is longer than a character
   */
  public static Character quote(ConfigValues values, InputFormat format) {
    String text = values.find(PrepareKeys.QUOTE).orElse(format == InputFormat.CSV ? "\"" : "none");
    if (text.equalsIgnoreCase("none")) {
      return null;
    }
    if (text.length() != 1) {
      throw new UsageException(
          "quote = \"" + text + "\" is not allowed: it must be one character, or none.");
    }
    return text.charAt(0);
  }

  private static Columns columns(ConfigValues values, InputFormat format, boolean header) {
    boolean unnamed = format.isDelimited() && !header;
    return new Columns(
        values.find(PrepareKeys.USER_COL).orElse(unnamed ? "1" : "user"),
        values.find(PrepareKeys.ITEM_COL).orElse(unnamed ? "2" : "item"),
        values.find(PrepareKeys.WEIGHT_COL).orElse(null),
        values.find(PrepareKeys.TIME_COL).orElse(null),
        values.find(PrepareKeys.GROUP_COL).orElse(null));
  }
}
