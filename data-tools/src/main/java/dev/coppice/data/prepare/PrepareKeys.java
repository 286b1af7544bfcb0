package dev.coppice.data.prepare;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.Range;
import dev.coppice.data.read.InputFormat;
import dev.coppice.data.read.ReadSettings;
import java.util.List;
import java.util.regex.Pattern;

/** The configuration keys of {@code prepare}. */
public final class PrepareKeys {
  /** Input of the train part, or of everything where a rule splits it. */
  public static final ConfigKey<List<String>> INPUT =
      ConfigKey.paths("input")
          .asRequired()
          .withDoc("files, directories or globs separated by commas, or a table's name");

  /** The file to take where {@code input} is a directory. */
  public static final ConfigKey<String> INPUT_FILE =
      ConfigKey.text("inputFile")
          .withDoc(
              "where input names a directory (no extension, or / at its end): the file in it; lets"
                  + " a configuration know a data set's files, and the command line only its"
                  + " place");

  /** The test file beside the input. */
  public static final ConfigKey<String> TEST_FILE =
      ConfigKey.text("testFile")
          .withDoc("the test file in the directory of input, where testInput is not given");

  /** The validation file beside the input. */
  public static final ConfigKey<String> VALIDATION_FILE =
      ConfigKey.text("validationFile")
          .withDoc(
              "the validation file in the directory of input, where validationInput is not given");

  /** The directory of the data set. */
  public static final ConfigKey<String> OUTPUT =
      ConfigKey.path("output").asRequired().withDoc("directory of the data set");

  /** The form of the inputs. */
  public static final ConfigKey<InputFormat> FORMAT =
      ConfigKey.oneOf("format", InputFormat.class)
          .withDefault(InputFormat.CSV)
          .withDoc("form of the input");

  /** Between the fields of a line. */
  public static final ConfigKey<String> DELIMITER =
      ConfigKey.text("delimiter")
          .withDoc(
              "between the fields of a line, any length; tab and space are written as words;"
                  + " by default a comma for csv, a tab for tsv");

  /** How text is written. */
  public static final ConfigKey<String> ENCODING =
      ConfigKey.text("encoding")
          .where(
              ReadSettings::isEncoding,
              "the name of a character set in which text can be read line by line, such as UTF-8,"
                  + " ISO-8859-1, windows-1252 or UTF-16")
          .withDefault("UTF-8")
          .withDoc(
              "encoding of text; lines that are not in it are bad rows, for no id may become"
                  + " another one");

  /** Whether files begin with column names. */
  public static final ConfigKey<Boolean> HEADER =
      ConfigKey.flag("header")
          .withDoc(
              "whether each file begins with column names; by default so for csv alone. Each file"
                  + " is read by its own names");

  /** The quote character. */
  public static final ConfigKey<String> QUOTE =
      ConfigKey.text("quote")
          .withDoc("the quote character, or none; by default \" for csv, else none");

  /** The column of the user id. */
  public static final ConfigKey<String> USER_COL =
      ConfigKey.text("userCol")
          .withDoc(
              "column of the user id: a name, or a position from 1; by default user, or 1. In JSON,"
                  + " Parquet, ORC and tables a.b is member b of a; in files, a column may be a"
                  + " directory: market=de");

  /** The column of the item id. */
  public static final ConfigKey<String> ITEM_COL =
      ConfigKey.text("itemCol")
          .withDoc("column of the item id: a name, or a position from 1; by default item, or 2");

  /** The column of the weight. */
  public static final ConfigKey<String> WEIGHT_COL =
      ConfigKey.text("weightCol").withDoc("column of the weight; without it every weight is 1");

  /** The column of the time. */
  public static final ConfigKey<String> TIME_COL =
      ConfigKey.text("timeCol").withDoc("column of the time; without it there are no times");

  /** The column of the group. */
  public static final ConfigKey<String> GROUP_COL =
      ConfigKey.text("groupCol")
          .withDoc("column of the group (market, tenant, region); without it there are no groups");

  /** The group from a file's path. */
  public static final ConfigKey<Pattern> GROUP_FROM_PATH =
      ConfigKey.pattern("groupFromPath", 1)
          .withDoc(
              "the group of all rows of a file, where it stands in the file's path instead of a"
                  + " column: a regular expression whose first group finds it, such as"
                  + " plays-([a-z]+)[.]csv");

  /** What stands for a missing value. */
  public static final ConfigKey<List<String>> NULL_VALUE =
      ConfigKey.texts("nullValue")
          .withDoc(
              "words that mean that a value is missing, such as NULL or \\N, in any column; a blank"
                  + " value always is");

  /** Whether weights may be below 0. */
  public static final ConfigKey<Boolean> NEGATIVE_WEIGHTS =
      ConfigKey.flag("negativeWeights")
          .withDefault(false)
          .withDoc(
              "whether weights may be below 0, as ratings for implicitPrefs = false are; else such"
                  + " rows are bad");

  /** How times are written. */
  public static final ConfigKey<String> TIME_FORMAT =
      ConfigKey.text("timeFormat")
          .withDefault("epochSeconds")
          .withDoc(
              "epochSeconds, epochMillis, epochMicros, epochNanos, iso, or a pattern such as"
                  + " yyyy-MM-dd HH:mm:ss");

  /** What to do with duplicate pairs. */
  public static final ConfigKey<Duplicates> DUPLICATES =
      ConfigKey.oneOf("duplicates", Duplicates.class)
          .withDefault(Duplicates.REFUSE)
          .withDoc(
              "several rows of one user and item: sum their weights, keep the last, or refuse");

  /** The least weight of a pair. */
  public static final ConfigKey<Double> MIN_WEIGHT =
      ConfigKey.number("minWeight", Range.atLeast(0))
          .withDefault(0.0)
          .withDoc(
              "pairs of less weight are left out, after duplicates are settled; with"
                  + " negativeWeights, none unless it is given");

  /** The least number of interactions of a user. */
  public static final ConfigKey<Integer> MIN_USER_INTERACTIONS =
      ConfigKey.integer("minUserInteractions", 1, Integer.MAX_VALUE)
          .withDefault(1)
          .withDoc("users with fewer are left out, repeated with items until nothing changes");

  /** The least number of interactions of an item. */
  public static final ConfigKey<Integer> MIN_ITEM_INTERACTIONS =
      ConfigKey.integer("minItemInteractions", 1, Integer.MAX_VALUE)
          .withDefault(1)
          .withDoc("items with fewer are left out, repeated with users until nothing changes");

  /** How the test part is found. */
  public static final ConfigKey<HoldOut.Kind> SPLIT =
      ConfigKey.oneOf("split", HoldOut.Kind.class)
          .withDefault(HoldOut.Kind.NONE)
          .withDoc("how the test part is found");

  /** The share of each user's interactions that goes to test. */
  public static final ConfigKey<Double> TEST_RATIO =
      ConfigKey.number("testRatio", Range.above(0, 0.99))
          .withDefault(0.2)
          .withDoc("share of each user's interactions that goes to test, for split = ratio");

  /** How many of each user's latest interactions go to test. */
  public static final ConfigKey<Integer> TEST_LAST =
      ConfigKey.integer("testLast", 1, Integer.MAX_VALUE)
          .withDefault(1)
          .withDoc("each user's latest interactions that go to test, for split = leave-last");

  /** The time from which rows go to test. */
  public static final ConfigKey<String> TEST_TIME =
      ConfigKey.text("testTime")
          .withDoc("rows from this time on go to test, for split = time; written in timeFormat");

  /** The test part's files. */
  public static final ConfigKey<List<String>> TEST_INPUT =
      ConfigKey.paths("testInput").withDoc("input of the test part, for split = files");

  /** How the validation part is taken out of train. */
  public static final ConfigKey<HoldOut.Kind> VALIDATION =
      ConfigKey.oneOf("validation", HoldOut.Kind.class)
          .withDefault(HoldOut.Kind.NONE)
          .withDoc("how the validation part is taken out of train");

  /** The share of each user's train interactions that goes to validation. */
  public static final ConfigKey<Double> VALIDATION_RATIO =
      ConfigKey.number("validationRatio", Range.above(0, 0.99))
          .withDefault(0.1)
          .withDoc("share of each user's train interactions, for validation = ratio");

  /** How many of each user's latest train interactions go to validation. */
  public static final ConfigKey<Integer> VALIDATION_LAST =
      ConfigKey.integer("validationLast", 1, Integer.MAX_VALUE)
          .withDefault(1)
          .withDoc("each user's latest train interactions, for validation = leave-last");

  /** The time from which train rows go to validation. */
  public static final ConfigKey<String> VALIDATION_TIME =
      ConfigKey.text("validationTime")
          .withDoc("train rows from this time on, for validation = time; written in timeFormat");

  /** The validation part's files. */
  public static final ConfigKey<List<String>> VALIDATION_INPUT =
      ConfigKey.paths("validationInput")
          .withDoc(
              "input of the validation part, for validation = files; its pairs are taken out of"
                  + " train if they are in it");

  /** Lists of negatives in the NCF form. */
  public static final ConfigKey<List<String>> CANDIDATES_INPUT =
      ConfigKey.paths("candidatesInput")
          .withDoc(
              "NCF lists of negatives, (user,item) and then items after tabs, to rank a given test"
                  + " item against; for split = files");

  /** The seed of the split. */
  public static final ConfigKey<Long> SEED =
      ConfigKey.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE)
          .withDefault(42L)
          .withDoc("seed of every random choice");

  /** How many bad rows are put up with. */
  public static final ConfigKey<Long> MAX_BAD_ROWS =
      ConfigKey.whole("maxBadRows", 0, Long.MAX_VALUE)
          .withDefault(0L)
          .withDoc("the job fails if more rows than this are bad");

  /** An earlier data set whose indices stay. */
  public static final ConfigKey<String> PREVIOUS =
      ConfigKey.path("previous")
          .withDoc("an earlier data set: ids it knows keep their index, new ones come after them");

  /** Whether an older data set at output may be replaced. */
  public static final ConfigKey<Boolean> OVERWRITE =
      ConfigKey.flag("overwrite")
          .withDefault(false)
          .withDoc("whether an older data set at output may be replaced");

  /** All keys. */
  public static final ConfigSchema SCHEMA =
      ConfigSchema.of(
          INPUT,
          INPUT_FILE,
          OUTPUT,
          FORMAT,
          DELIMITER,
          ENCODING,
          HEADER,
          QUOTE,
          USER_COL,
          ITEM_COL,
          WEIGHT_COL,
          TIME_COL,
          GROUP_COL,
          GROUP_FROM_PATH,
          TIME_FORMAT,
          NULL_VALUE,
          NEGATIVE_WEIGHTS,
          DUPLICATES,
          MIN_WEIGHT,
          MIN_USER_INTERACTIONS,
          MIN_ITEM_INTERACTIONS,
          SPLIT,
          TEST_RATIO,
          TEST_LAST,
          TEST_TIME,
          TEST_INPUT,
          TEST_FILE,
          VALIDATION,
          VALIDATION_RATIO,
          VALIDATION_LAST,
          VALIDATION_TIME,
          VALIDATION_INPUT,
          VALIDATION_FILE,
          CANDIDATES_INPUT,
          SEED,
          MAX_BAD_ROWS,
          PREVIOUS,
          OVERWRITE);

  private PrepareKeys() {}
}
