package dev.coppice.data.read;

/** Why a row was set aside. The keys are what manifests and rejected rows carry. */
public enum BadRow {
  /** More or fewer columns than the header or the first line. */
  COLUMN_COUNT("columnCount", "wrong number of columns"),
  /** A JSON line that is no JSON object, a quote that is not closed, a count that is wrong. */
  MALFORMED("malformed", "the line cannot be taken apart"),
  /** The first line of a further file is not the header of the first file. */
  HEADER("header", "the file's first line is not the header of the first file"),
  /** Nothing in the user column. */
  MISSING_USER("missingUser", "no user id"),
  /** Nothing in the item column. */
  MISSING_ITEM("missingItem", "no item id"),
  /** A decimal, NaN, boolean or nested value as an id. */
  BAD_ID("badId", "an id is neither a string nor a whole number"),
  /** No weight, or text that is no number, or NaN. */
  BAD_WEIGHT("badWeight", "the weight is missing or not a number"),
  /** A weight beyond what a float holds. */
  INFINITE_WEIGHT("infiniteWeight", "the weight is infinite or beyond 3.4e38"),
  /** A weight below 0. */
  NEGATIVE_WEIGHT("negativeWeight", "the weight is negative"),
  /** A time that does not have the configured format. */
  BAD_TIME("badTime", "the time does not have the configured timeFormat"),
  /** No time where the split or the duplicates rule needs one. */
  MISSING_TIME("missingTime", "no time, and the split or the duplicates rule needs one");

  private final String key;
  private final String meaning;

  BadRow(String key, String meaning) {
    this.key = key;
    this.meaning = meaning;
  }

  /** The key in the manifest and in the column {@code reason} of rejected rows. */
  public String key() {
    return key;
  }

  /** The reason in words. */
  public String meaning() {
    return meaning;
  }

  /** The reason with the given key. */
  public static BadRow ofKey(String key) {
    for (BadRow reason : values()) {
      if (reason.key.equals(key)) {
        return reason;
      }
    }
    throw new IllegalArgumentException("no reason has the key " + key);
  }
}
