package dev.coppice.spark;

/**
 * A setting that was chosen from the data, because it was not given.
 *
 * @param name of the Param
 * @param value as text
 * @param reason why, in words
 */
public record Choice(String name, String value, String reason) {
  @Override
  public String toString() {
    return name + " = " + value + ": " + reason;
  }
}
