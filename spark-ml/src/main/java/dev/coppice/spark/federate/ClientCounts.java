package dev.coppice.spark.federate;

import java.util.List;
import java.util.Map;

/**
 * Who the clients are, numbered by ascending name, and how much each has.
 *
 * @param interactions by name, ascending
 * @param users by name, likewise
 */
public record ClientCounts(Map<String, Long> interactions, Map<String, Long> users) {

  /** Returns the names by number. */
  public List<String> names() {
    return List.copyOf(interactions.keySet());
  }

  /**
   * Returns the number of a client.
   *
   * @param key where it was named, for the message
   * @throws IllegalArgumentException if the data have no such client
   */
  public int number(String name, String key) {
    int number = names().indexOf(name.trim());
    if (number < 0) {
      throw new IllegalArgumentException(
          key + " names the client \"" + name.trim() + "\", which the data has not");
    }
    return number;
  }

  /** Returns the interactions of all clients. */
  public long total() {
    return interactions.values().stream().mapToLong(Long::longValue).sum();
  }
}
