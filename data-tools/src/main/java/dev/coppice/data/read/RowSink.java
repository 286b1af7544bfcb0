package dev.coppice.data.read;

/** Takes the rows that a parser finds. */
public interface RowSink {
  /**
   * A usable interaction.
   *
   * @param time epoch milliseconds, or null
   * @param group the user's group, or null
   */
  void good(String user, String item, float weight, Long time, String group);

  /** A row that cannot be used. */
  void bad(BadRow reason);
}
