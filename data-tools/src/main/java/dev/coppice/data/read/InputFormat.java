package dev.coppice.data.read;

/** The forms of input. */
public enum InputFormat {
  /** Comma-separated text, {@code "} as quote. */
  CSV(true),
  /** Tab-separated text, no quote. */
  TSV(true),
  /** Text with any delimiter, {@code ::} too. */
  DELIMITED(true),
  /** One JSON object per line. */
  JSONL(true),
  /** Parquet files. */
  PARQUET(false),
  /** ORC files. */
  ORC(false),
  /** A table that the Spark session knows by name, Iceberg and Delta included. */
  TABLE(false),
  /** {@code user item item ...} per line. */
  LIGHTGCN(true),
  /** {@code count item item ...} per line; the user is the line number, from 1. */
  CITEULIKE(true);

  private final boolean text;

  InputFormat(boolean text) {
    this.text = text;
  }

  /** Whether the input is lines of text. */
  public boolean isText() {
    return text;
  }

  /** Whether the lines are fields between delimiters. */
  public boolean isDelimited() {
    return this == CSV || this == TSV || this == DELIMITED;
  }

  /** Whether the form itself fixes the columns, with neither weight nor time. */
  public boolean hasFixedColumns() {
    return this == LIGHTGCN || this == CITEULIKE;
  }
}
