package dev.coppice.data.read;

/** Why a row was set aside. The keys are what manifests and rejected rows carry. */
public enum BadRow {
  /** More or fewer columns than the header or the first line. */
  COLUMN_COUNT("columnCount", "wrong number of columns"),
  /** A JSON line that is no JSON object, a quote that is not closed, a count that is wrong. */
  MALFORMED("malformed", "the line cannot be taken apart"),
  /** Bytes, or an id, that the encoding does not have; whatever stood for them would be another. */
  BAD_ENCODING("badEncoding", "the bytes are not of the encoding"),
  /** A line that names columns where data should be, and others than the file's own header. */
  HEADER("header", "a header that is not the file's own, so that the lines below are doubtful"),
  /** The file's own header again, as where files were put behind one another. */
  REPEATED_HEADER("repeatedHeader", "the header again"),
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

  /** Whether the row holds no data, so that nothing is lost without it. */
  public boolean isPassedOver() {
    return this == REPEATED_HEADER;
  }

  /** Whether other rows are in doubt with this one, so that setting it aside heals nothing. */
  public boolean castsDoubt() {
    return this == HEADER;
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
